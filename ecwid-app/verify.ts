/** Proof of origin: the encrypted payload of the frame and the signature of webhooks. Both hang on the client secret. */
import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const block = 16;

const FramePayload = z.object({
  store_id: z.union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,15}$/)]).transform(String),
  access_token: z.string().min(8).max(500),
  lang: z.string().max(20).optional(),
  public_token: z.string().max(500).optional(),
});

export interface OpenedPayload {
  readonly storeId: string;
  readonly accessToken: string;
  readonly publicToken: string | undefined;
  readonly language: string | undefined;
  /** SHA-256, hex, of what cannot be changed in a payload without knowing the token: two payloads with one identity are one delivery. */
  readonly identity: string;
}

/**
 * Opens the `payload` of the frame address: AES-128-CBC, key = first 16 bytes of the client secret, the vector in front
 * (docs.ecwid.com, "access store data from the app"). `undefined` for whatever is wrong with it, without saying what.
 */
export function openPayload(payload: string, clientSecret: string): OpenedPayload | undefined {
  if (payload.length > 8192 || !/^[A-Za-z0-9_\-+/]+=*$/.test(payload)) return undefined;
  const bytes = Buffer.from(payload, 'base64url');
  if (bytes.length < 2 * block || bytes.length % block !== 0) return undefined;
  try {
    const decipher = createDecipheriv('aes-128-cbc', Buffer.from(clientSecret, 'utf8').subarray(0, block), bytes.subarray(0, block));
    const plain = Buffer.concat([decipher.update(bytes.subarray(block)), decipher.final()]);
    const parsed = FramePayload.parse(JSON.parse(plain.toString('utf8')));
    return {
      storeId: parsed.store_id,
      accessToken: parsed.access_token,
      publicToken: parsed.public_token || undefined,
      language: parsed.lang,
      identity: identityOf(bytes, plain, parsed.access_token),
    };
  } catch {
    return undefined;
  }
}

/**
 * CBC can be bent: who has an old payload can change its vector or its other blocks and still have something that opens.
 * The cipher block that lies inside the token cannot be replaced without knowing the token, and is different in every fresh payload.
 */
function identityOf(bytes: Buffer, plain: Buffer, token: string): string {
  const at = plain.indexOf(token);
  const first = Math.ceil(at / block) * block;
  const inside = at >= 0 && first + block <= at + token.length;
  const cipher = bytes.subarray(block);
  return createHash('sha256')
    .update(inside ? cipher.subarray(first, first + block) : cipher)
    .digest('hex');
}

/** Base64 of HMAC-SHA256 over `eventCreated.eventId`; the rest of a webhook is not covered (docs.ecwid.com, "how to process webhooks"). */
export function webhookSignature(event: { eventCreated: string; eventId: string }, clientSecret: string): string {
  return createHmac('sha256', clientSecret).update(`${event.eventCreated}.${event.eventId}`).digest('base64');
}

/** Compares in constant time, whatever the lengths. */
export function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
