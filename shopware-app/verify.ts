/** Decides whether a delivery or a module address really comes from a registered shop. Pure: the shop and the clock come in. */
import type { RegisteredShop } from './ports.ts';
import { isSignedWith } from './signature.ts';

/** After a rotation, deliveries that were on their way still carry the old secret (the app-server SDK allows the same 60 s). */
const rotationGraceMs = 60_000;
/** A module address is made anew on every opening, so an old one is a copied one. */
const frameAgeMs = 5 * 60_000;
const signatureParameter = 'shopware-shop-signature';
/** Appended by theme-aware admins without being signed (meteor #1306, #1317). */
const unsignedParameter = 'color-scheme';

export type SigningSecret = { readonly which: 'current' | 'previous'; readonly secret: string };

/** The shop's secrets that are good now: the current one, and for 60 s after a rotation the one before. */
export function acceptedSecrets(shop: RegisteredShop, now: Date): SigningSecret[] {
  const secrets: SigningSecret[] = [];
  if (!shop.confirmed) return secrets;
  if (shop.shopSecret !== undefined) secrets.push({ which: 'current', secret: shop.shopSecret });
  const rotatedMs = shop.secretsRotatedAt?.getTime();
  if (shop.previousShopSecret !== undefined && rotatedMs !== undefined && now.getTime() - rotatedMs <= rotationGraceMs) {
    secrets.push({ which: 'previous', secret: shop.previousShopSecret });
  }
  return secrets;
}

/** Which of the shop's secrets signed these bytes; `undefined`: none, the delivery is not the shop's. */
export function signerOf(message: Uint8Array, signature: string | undefined, secrets: readonly SigningSecret[]): SigningSecret | undefined {
  return secrets.find(({ secret }) => isSignedWith(message, signature, secret));
}

/** The part of a request target after the first `?`, byte for byte as it came over the wire. */
export function rawQueryOf(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? '' : target.slice(at + 1);
}

/** Names and values of a raw query; of a name that comes twice the first counts, because what is appended later is not the shop's. */
export function parametersOf(query: string, values: 'encoded' | 'plain' = 'encoded'): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    const value = at < 0 ? '' : pair.slice(at + 1);
    if (name !== '' && !parameters.has(name)) parameters.set(name, values === 'plain' ? value : decoded(value));
  }
  return parameters;
}

/**
 * The signed parameters of a module address, or `undefined` when no accepted secret signed it. Shops differ in what they sign:
 * the raw query before the signature, the raw query around it, or either in decoded form; unknown parameters may join any time.
 * Only what stands inside the string that matched is returned, so an appended parameter is never believed.
 */
export function verifyFrameQuery(rawQuery: string, secrets: readonly string[]): ReadonlyMap<string, string> | undefined {
  const pairs = rawQuery.split('&');
  const at = pairs.findIndex((pair) => pair.startsWith(`${signatureParameter}=`));
  if (at < 0) return undefined;
  const signature = decoded(pairs[at]?.slice(signatureParameter.length + 1) ?? '');
  const before = pairs.slice(0, at);
  const around = pairs.filter((_, index) => index !== at);
  const known = (kept: readonly string[]) => kept.filter((pair) => !pair.startsWith(`${unsignedParameter}=`));
  const raws = new Set([before, around, known(before), known(around)].map((kept) => kept.join('&')));
  for (const raw of raws) {
    const plain = decoded(raw);
    for (const secret of secrets) {
      if (isSignedWith(raw, signature, secret)) return parametersOf(raw);
      if (plain !== raw && isSignedWith(plain, signature, secret)) return parametersOf(plain, 'plain');
    }
  }
  return undefined;
}

/** Whether a signed time (Unix seconds as text) is at most `ageMs` away from now, to either side: clocks differ. */
export function isFresh(timestamp: string | undefined, now: Date, ageMs = frameAgeMs): boolean {
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  return Math.abs(now.getTime() - Number(timestamp) * 1000) <= ageMs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
