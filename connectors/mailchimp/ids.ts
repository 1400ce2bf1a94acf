/** Names of our records in Mailchimp: worked out from what they stand for, so that a second sync finds the first one's. */
import { createHash } from 'node:crypto';

/** Everything that Tillbridge makes in an account begins with this. */
export const ours = 'tb-';

/** Subscriber hash (Marketing API 3.0, lists/members): MD5 of the address in small letters. */
export const hashOf = (email: string): string => createHash('md5').update(email.trim().toLowerCase()).digest('hex');

const sha = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

/** Foreign ids hold up to 50 characters and no slash; what does not fit gets a digest in its place. */
export function plainId(text: string): string {
  if (/^[\w.-]{1,50}$/.test(text)) return text;
  const readable = text.replace(/[^\w.-]+/g, '-').slice(0, 30);
  return `${readable}-${sha(text, 16)}`;
}

/** Stores of one source in one audience, whatever their currency. An audience cannot be changed, so another one means other stores. */
export const storePrefix = (source: string, audience: string): string => `${ours}${sha(`${source}/${audience}`, 16)}-`;

export const storeIdOf = (source: string, audience: string, currency: string): string =>
  `${storePrefix(source, audience)}${currency.toLowerCase()}`;

/** Ids inside a store are only unique there: `<store>/<id>`, both encoded. */
export const recordId = (store: string, id: string): string => `${encodeURIComponent(store)}/${encodeURIComponent(id)}`;

export function partsOf(recordId: string): { store: string; id: string } | undefined {
  const [store, id, ...more] = recordId.split('/');
  if (store === undefined || id === undefined || store === '' || id === '' || more.length > 0) return undefined;
  try {
    return { store: decodeURIComponent(store), id: decodeURIComponent(id) };
  } catch {
    return undefined;
  }
}

/** One segment of a path. */
export const segment = encodeURIComponent;
