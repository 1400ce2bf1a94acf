/** A simulated shop with a tiny app installed in it: what the tests of the simulator itself start from. */
import { type ShopwareSimulator, startShopware } from './simulator.ts';
import { type SmallApp, startSmallApp } from './small-app.ts';

export type Json = Record<string, unknown>;
export const object = (value: unknown): Json => value as Json;
export const rows = (json: Json): Json[] => json.data as Json[];
export const errors = (json: Json): Json[] => json.errors as Json[];

export interface Trial {
  readonly shop: ShopwareSimulator;
  readonly app: SmallApp;
  /** Another shop, of this version, in place of the present one. */
  open(version: '6.6' | '6.7', options?: { manifest: string }): Promise<void>;
  token(): Promise<string>;
  /** Calls the Admin API below `/api`. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }>;
  stop(): Promise<void>;
}

export async function startTrial(): Promise<Trial> {
  const app = await startSmallApp();
  let shop = await startShopware({ version: '6.6', seed: 7 });
  const install = (manifest: string | undefined): Promise<void> =>
    shop.install({
      name: app.name,
      secret: app.appSecret,
      registrationUrl: `${app.url}/register`,
      hooksUrl: `${app.url}/hook`,
      ...(manifest === undefined ? {} : { manifest }),
    });
  await install(undefined);

  const token = async (): Promise<string> => {
    const { apiKey, secretKey } = shop.credentials();
    const body = JSON.stringify({ grant_type: 'client_credentials', client_id: apiKey, client_secret: secretKey });
    const answer = await fetch(`${shop.url}/api/oauth/token`, { method: 'POST', body });
    return String(object(await answer.json()).access_token);
  };
  return {
    app,
    get shop() {
      return shop;
    },
    token,
    open: async (version, options) => {
      await shop.stop();
      shop = await startShopware({ version, seed: 7 });
      await install(options?.manifest);
    },
    api: async (method, path, body) => {
      const headers = { accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${await token()}` };
      const answer = await fetch(`${shop.url}/api${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, json: text === '' ? {} : object(JSON.parse(text)) };
    },
    stop: async () => {
      await shop.stop();
      await app.stop();
    },
  };
}
