/** Secrets at rest: AES-256-GCM, the key's id in front, the record and field as additional data. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface Vault {
  /** @param aad what the secret belongs to (see {@link place}); the same text opens it again, no other does. */
  seal(plaintext: string, aad: string): string;
  /** Throws when the key is gone, the text was altered or it belongs to another record. */
  open(sealed: string, aad: string): string;
}

/** The additional data of one field of one record: a sealed value copied elsewhere does not open. */
export const place = (collection: string, id: string, field: string): string => `${collection}/${id}/${field}`;

const ivBytes = 12;
const tagBytes = 16;

/** The first key seals; every key opens. Throws on an empty list. */
export function createVault(keys: readonly EncryptionKey[]): Vault {
  const [first] = keys;
  if (!first) throw new Error('The vault needs at least one key: set ENCRYPTION_KEYS.');
  const byId = new Map(keys.map((key) => [key.id, key.key]));
  return {
    seal(plaintext, aad) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', first.key, iv, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(`${first.id}|${aad}`));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return `${first.id}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`;
    },
    open(sealed, aad) {
      const colon = sealed.indexOf(':');
      const id = sealed.slice(0, Math.max(colon, 0));
      const key = byId.get(id);
      if (!key) throw new Error(`The secret of ${aad} was sealed with the key "${id}", which ENCRYPTION_KEYS no longer holds.`);
      const bytes = Buffer.from(sealed.slice(colon + 1), 'base64');
      if (bytes.length < ivBytes + tagBytes) throw unreadable(aad);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      decipher.setAAD(Buffer.from(`${id}|${aad}`));
      try {
        return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw unreadable(aad, error);
      }
    },
  };
}

/**
 * Reads `id:base64,id2:base64` (the format of ENCRYPTION_KEYS); each key is 32 bytes.
 * Throws an Error whose message names the entry by position and id, never the key.
 */
export function parseEncryptionKeys(text: string): readonly EncryptionKey[] {
  const keys = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index): EncryptionKey => {
      const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry) ?? [];
      if (id === undefined || encoded === undefined) throw new Error(`entry ${index + 1} is not of the form id:base64`);
      const key = Buffer.from(encoded, 'base64');
      if (key.length !== 32) throw new Error(`the key "${id}" has ${key.length} bytes instead of 32`);
      return { id, key };
    });
  if (keys.length === 0) throw new Error('it holds no key');
  const twice = keys.find((key, index) => keys.findIndex((other) => other.id === key.id) !== index);
  if (twice) throw new Error(`the key id "${twice.id}" appears twice`);
  return keys;
}

function unreadable(aad: string, cause?: unknown): Error {
  return new Error(`The secret of ${aad} cannot be opened: it was altered or belongs to another record.`, { cause });
}
