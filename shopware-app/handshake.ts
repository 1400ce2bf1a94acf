/** Registration: a shop asks for a secret, then proves that it has it and hands over its API key. Also every later rotation, move and re-installation. */
import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { refuseRegistration } from './answer.ts';
import type { Log, RegisteredShop, RegisteredShops, Tenants } from './ports.ts';
import { changeShop, unknownShop } from './shop.ts';
import { isSignedWith, signatureOf } from './signature.ts';
import { isFresh, parametersOf, rawQueryOf } from './verify.ts';

export interface HandshakeOptions {
  readonly appName: string;
  readonly appSecret: string;
  /** Public address of the app server: from configuration, because `Host` is the sender's word. */
  readonly baseUrl: string;
  readonly shops: RegisteredShops;
  readonly tenants: Tenants;
  readonly log: Log;
  readonly now: () => Date;
}

/** A registration request holds the key to a new secret; beyond this age (either side) it is a copy. */
const registrationAgeMs = 30 * 60_000;
/**
 * A shop whose confirmation broke off keeps its old secret while we hold the new one (shopware #19157, #17748).
 * For so long it may still register with the old one; deliveries never may after the first minute.
 */
const strandedMs = 24 * 60 * 60_000;

const Confirmation = z.object({
  shopId: z.string().min(1).max(255),
  apiKey: z.string().min(1).max(255),
  secretKey: z.string().min(1).max(1024),
});

type Decision = { readonly store?: RegisteredShop; readonly refused?: { readonly status: number; readonly error: string } };

export interface Handshake {
  /** `GET /register`: answers with proof, a fresh secret and where to confirm. Refusals are `{"error"}` for the merchant to read. */
  register(request: Request, response: Response): Promise<void>;
  /** `POST /register/confirm`: 204 once the credentials are stored and the tenant knows them; the same again is 204 again. */
  confirm(request: Request, response: Response): Promise<void>;
}

export function createHandshake(options: HandshakeOptions): Handshake {
  const { appName, appSecret, shops, tenants, log, now } = options;
  const confirmationUrl = `${options.baseUrl.replace(/\/+$/, '')}/shopware/register/confirm`;

  return {
    async register(request, response) {
      const query = rawQueryOf(request.originalUrl);
      const parameters = parametersOf(query);
      const shopId = parameters.get('shop-id') ?? '';
      const shopUrl = parameters.get('shop-url') ?? '';
      if (!isSignedWith(query, request.get('shopware-app-signature'), appSecret)) {
        return refuseRegistration(response, 401, 'The signature of the registration does not fit the secret of this app.');
      }
      if (!/^[\x21-\x7e]{1,255}$/.test(shopId) || !isShopUrl(shopUrl)) {
        return refuseRegistration(response, 400, 'The registration needs a shop-id and a shop-url that starts with http:// or https://.');
      }
      if (!isFresh(parameters.get('timestamp'), now(), registrationAgeMs)) {
        return refuseRegistration(
          response,
          401,
          'The time of the registration is off by more than 30 minutes. Check the clock of the shop server.',
        );
      }
      const secret = randomBytes(48).toString('hex');
      const { refused } = await changeShop(shops, shopId, (known): Decision => {
        const shop = known ?? unknownShop(shopId);
        const proof = ownership(shop, query, request.get('shopware-shop-signature'), now());
        if (proof === 'wrong')
          return { refused: { status: 401, error: 'The shop signature does not fit the secret that this shop was given.' } };
        if (proof === 'missing')
          return {
            refused: {
              status: 401,
              error: 'This shop registers with both signatures; the shop signature is missing. Ask support to reset the registration.',
            },
          };
        return {
          store: {
            ...shop,
            shopUrl: shop.shopUrl === '' ? tidy(shopUrl) : shop.shopUrl,
            pendingShopSecret: secret,
            pendingShopUrl: tidy(shopUrl),
            doubleSignature: shop.doubleSignature || proof === 'proven',
            shopwareVersion: versionOf(request) ?? shop.shopwareVersion,
          },
        };
      });
      if (refused !== undefined) {
        log.warn({ shopId, reason: refused.error }, 'registration refused');
        return refuseRegistration(response, refused.status, refused.error);
      }
      log.info({ shopId }, 'registration begun');
      const proof = signatureOf(`${shopId}${shopUrl}${appName}`, appSecret);
      response.set('cache-control', 'no-store').json({ proof, secret, confirmation_url: confirmationUrl });
    },

    async confirm(request, response) {
      const body: unknown = request.body;
      const bytes = body instanceof Buffer ? body : Buffer.alloc(0);
      const confirmation = Confirmation.safeParse(jsonOf(bytes));
      if (!confirmation.success) return refuseRegistration(response, 400, 'The confirmation lacks shopId, apiKey or secretKey.');
      const { shopId, apiKey, secretKey } = confirmation.data;
      const signature = request.get('shopware-shop-signature');
      const previousSignature = request.get('shopware-shop-signature-previous');

      const decision = await changeShop(shops, shopId, (shop): Decision => {
        if (shop === undefined) return { refused: { status: 401, error: 'This shop has not registered.' } };
        if (shop.pendingShopSecret === undefined || !isSignedWith(bytes, signature, shop.pendingShopSecret)) {
          const again =
            shop.confirmed && shop.apiKey === apiKey && shop.secretKey === secretKey && isSignedWith(bytes, signature, shop.shopSecret);
          return again
            ? {}
            : { refused: { status: 401, error: 'The signature of the confirmation does not fit the secret that was handed out.' } };
        }
        const proof = ownership(shop, bytes, previousSignature, now());
        if (proof === 'wrong' || proof === 'missing') {
          return { refused: { status: 401, error: 'The confirmation is not signed with the previous secret of this shop as well.' } };
        }
        return {
          store: confirmed(shop, {
            apiKey,
            secretKey,
            version: versionOf(request),
            now: now(),
            held: heldSecret(shop, bytes, previousSignature),
          }),
        };
      });
      if (decision.refused !== undefined) {
        log.warn({ shopId, reason: decision.refused.error }, 'confirmation refused');
        return refuseRegistration(response, decision.refused.status, decision.refused.error);
      }
      const shop = decision.store ?? (await shops.find(shopId));
      if (shop === undefined) throw new Error('the shop vanished while it was confirmed');
      await tenants.installed({
        shopId,
        title: new URL(shop.shopUrl).host,
        url: shop.shopUrl,
        settings: { shopUrl: shop.shopUrl, apiKey, secretKey },
      });
      log.info({ shopId, again: decision.store === undefined }, 'registration confirmed');
      response.status(204).end();
    },
  };
}

/**
 * Whether the sender showed that it is the shop we know. `unasked`: it showed nothing and need not, which is how 6.6 always re-registers;
 * a shop that once proved itself has to from then on.
 */
function ownership(
  shop: RegisteredShop,
  message: string | Uint8Array,
  signature: string | undefined,
  now: Date,
): 'proven' | 'unasked' | 'wrong' | 'missing' {
  if (!shop.confirmed || shop.shopSecret === undefined) return 'unasked';
  if (signature === undefined) return shop.doubleSignature ? 'missing' : 'unasked';
  if (isSignedWith(message, signature, shop.shopSecret)) return 'proven';
  const stranded = shop.secretsRotatedAt !== undefined && now.getTime() - shop.secretsRotatedAt.getTime() <= strandedMs;
  return stranded && isSignedWith(message, signature, shop.previousShopSecret) ? 'proven' : 'wrong';
}

/** The secret that the shop itself uses until now: after a broken-off rotation it is not the one that we call current. */
function heldSecret(shop: RegisteredShop, bytes: Uint8Array, signature: string | undefined): string | undefined {
  return isSignedWith(bytes, signature, shop.previousShopSecret) ? shop.previousShopSecret : shop.shopSecret;
}

function confirmed(
  shop: RegisteredShop,
  by: { apiKey: string; secretKey: string; version: string | undefined; now: Date; held: string | undefined },
): RegisteredShop {
  const newlyInstalled = !shop.confirmed || shop.uninstalledAt !== undefined;
  return {
    ...shop,
    shopUrl: shop.pendingShopUrl ?? shop.shopUrl,
    shopSecret: shop.pendingShopSecret,
    previousShopSecret: by.held,
    secretsRotatedAt: by.held === undefined ? undefined : by.now,
    pendingShopSecret: undefined,
    pendingShopUrl: undefined,
    apiKey: by.apiKey,
    secretKey: by.secretKey,
    // The webhook that tells of the activation can get lost (6.6 sends it once), so an installation counts as active until told otherwise.
    active: newlyInstalled ? true : shop.active,
    confirmed: true,
    uninstalledAt: undefined,
    shopwareVersion: by.version ?? shop.shopwareVersion,
  };
}

function isShopUrl(text: string): boolean {
  if (text.length > 2048 || !URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

/** Without double and trailing slashes, so that paths can be appended; the proof uses the address as it came. */
function tidy(shopUrl: string): string {
  return shopUrl.replace(/([^:])\/{2,}/g, '$1/').replace(/\/+$/, '');
}

function versionOf(request: Request): string | undefined {
  const version = request.get('sw-version');
  return version !== undefined && /^\d[\w.+-]{0,31}$/.test(version) ? version : undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
