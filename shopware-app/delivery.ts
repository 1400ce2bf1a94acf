/** A signed POST of a shop (webhook or action button), from raw bytes to a verified sender. Stores nothing. */
import type { Request } from 'express';
import { z } from 'zod';
import { type Refusal, refusals } from './answer.ts';
import type { RegisteredShop, RegisteredShops } from './ports.ts';
import { acceptedSecrets, type SigningSecret, signerOf } from './verify.ts';

const Sender = z.object({ source: z.object({ shopId: z.string().min(1).max(255) }) });

export interface Delivery {
  readonly shop: RegisteredShop;
  /** The secret that signed it: an answer is signed with the same one. */
  readonly signer: SigningSecret;
  readonly body: unknown;
}

/** The delivery and who sent it, or why it is refused. The signature is checked over the bytes as they came: PHP and we print JSON differently. */
export async function authenticate(
  request: Request,
  from: { readonly shops: RegisteredShops; readonly now: () => Date },
): Promise<Delivery | Refusal> {
  if (request.is('application/json') === false) return refusals.wrongType;
  const bytes: unknown = request.body;
  if (!(bytes instanceof Buffer)) return refusals.malformed;
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return refusals.malformed;
  }
  const sender = Sender.safeParse(body);
  if (!sender.success) return refusals.malformed;
  const shop = await from.shops.find(sender.data.source.shopId);
  if (shop === undefined) return refusals.unauthentic;
  const signer = signerOf(bytes, request.get('shopware-shop-signature'), acceptedSecrets(shop, from.now()));
  return signer === undefined ? refusals.unauthentic : { shop, signer, body };
}
