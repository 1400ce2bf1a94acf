/** What only the platform can make: encrypted payloads and signatures, both from the client secret. */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';

export interface PlainPayload {
  readonly store_id: number;
  readonly lang: string;
  readonly access_token: string;
  readonly view_mode: string;
  readonly public_token?: string;
  readonly app_state?: string;
}

/** AES-128-CBC with the first 16 bytes of the secret, a fresh vector in front, URL-safe base64. */
export function encryptPayload(payload: PlainPayload | Readonly<Record<string, unknown>>, clientSecret: string): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(clientSecret).subarray(0, 16), iv);
  return Buffer.concat([iv, cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()]).toString('base64url');
}

export const signEvent = (eventCreated: number | string, eventId: string, clientSecret: string): string =>
  createHmac('sha256', clientSecret).update(`${eventCreated}.${eventId}`).digest('base64');
