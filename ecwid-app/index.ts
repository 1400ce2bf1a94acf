/** The app as one router: mount it at `/ecwid`, before anything that reads bodies. */
import { existsSync, readFileSync } from 'node:fs';
import { type RequestHandler, Router } from 'express';
import type { Send } from '../connectors/exchange.ts';
import { carts } from './carts.ts';
import { documented } from './defaults.ts';
import { frame } from './frame.ts';
import { handshake } from './handshake.ts';
import { hooks } from './hooks.ts';
import { enter, type InstallationOptions } from './installation.ts';
import type { Carts, ErasureRequests, InstalledStores, Log, Notices, Page, Tenants, Tickets } from './ports.ts';

export { ecwid, ecwidConnector } from './client.ts';
export { ecwidOptions } from './options.ts';

export interface EcwidAppOptions {
  readonly clientId: string;
  /** Decrypts payloads, signs webhooks, exchanges codes: at least 16 bytes. */
  readonly clientSecret: string;
  /** Public address of this server, without a slash at the end. */
  readonly baseUrl: string;
  readonly apiBaseUrl?: string;
  readonly oauthBaseUrl?: string;
  /** Script of the Control Panel for size and navigation. */
  readonly appScriptUrl?: string;
  /** Hosts that may frame the screens: resellers have their own. */
  readonly frameAncestors?: readonly string[];
  /** What the consent screen asks for. */
  readonly scopes?: readonly string[];
  /** The built storefront script; without it the script's address answers 404. */
  readonly storefrontScript?: string;
  readonly stores: InstalledStores;
  readonly tenants: Tenants;
  readonly notices: Notices;
  readonly tickets: Tickets;
  readonly page: Page;
  readonly carts?: Carts;
  readonly erasures?: ErasureRequests;
  /** The only way out, for proving tokens and exchanging codes. */
  readonly send: Send;
  readonly log: Log;
  readonly now?: () => Date;
}

/** `GET /frame`, `GET /oauth/start`, `GET /oauth/callback`, `POST /hooks`, `GET|POST /carts`, `GET /storefront.js`. */
export function ecwidApp(options: EcwidAppOptions): Router {
  if (Buffer.byteLength(options.clientSecret) < 16) throw new RangeError('the client secret must have at least 16 bytes');
  const settled = {
    ...options,
    ...installationOptions(options),
    oauthBaseUrl: options.oauthBaseUrl ?? documented.oauthBaseUrl,
    appScriptUrl: options.appScriptUrl ?? documented.appScriptUrl,
    frameAncestors: options.frameAncestors ?? documented.frameAncestors,
    scopes: options.scopes ?? documented.scopes,
    carts: options.carts,
  };
  const router = Router();
  router.use(frame(settled), handshake(settled));
  router.get('/storefront.js', storefront(settled));
  router.use(carts(settled), hooks(settled));
  return router;
}

/** The third way of installing: the operator enters the store id and token of a custom app. Throws a Failure when the token is not that store's. */
export async function enterStore(options: EcwidAppOptions, entry: { storeId: string; accessToken: string }): Promise<void> {
  await enter(installationOptions(options), entry);
}

function installationOptions(options: EcwidAppOptions): InstallationOptions {
  const { stores, tenants, send, log } = options;
  return { stores, tenants, send, log, apiBaseUrl: options.apiBaseUrl ?? documented.apiBaseUrl, now: options.now ?? (() => new Date()) };
}

function storefront(options: { storefrontScript?: string; baseUrl: string; clientId: string; carts: Carts | undefined }): RequestHandler {
  const file = options.storefrontScript;
  const script = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const facts = JSON.stringify({ base: `${options.baseUrl}/ecwid`, clientId: options.clientId });
  return (_request, response) => {
    if (script === undefined || options.carts === undefined) response.status(404).type('txt').send('There is no storefront script.');
    else response.set('cache-control', 'public, max-age=300').type('js').send(`window.tillbridgeStorefront=${facts};\n${script}`);
  };
}
