/** HMAC-SHA256 in lower-case hex: the one kind of signature that shop and app exchange. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signs the exact bytes; a text is taken as UTF-8. */
export function signatureOf(message: string | Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}

/** Whether `signature` was made over exactly these bytes with this secret. Takes the same time wherever the two differ. */
export function isSignedWith(message: string | Uint8Array, signature: string | undefined, secret: string | undefined): boolean {
  if (signature === undefined || secret === undefined || secret === '') return false;
  const expected = Buffer.from(signatureOf(message, secret));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
