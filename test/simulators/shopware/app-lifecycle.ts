/** The shop's side of an app's life: handshake, installation, rotation, moves. */
import type { Random } from '../shared/seeded-random.ts';
import type { Database } from './database.ts';
import type { Emit, ShopEvent } from './events.ts';
import { type Manifest, openManifest, parseManifest } from './manifest.ts';
import type { Sender } from './webhooks.ts';
import { phpJson, sign, systemLanguage } from './wire.ts';

export interface InstallOptions {
  /** As in the manifest; part of the proof. */
  readonly name: string;
  /** The app secret. */
  readonly secret: string;
  readonly registrationUrl: string;
  /** Text of manifest.xml. Without it every event goes to `hooksUrl` and the app may do everything. */
  readonly manifest?: string;
  readonly hooksUrl?: string;
  readonly moduleUrl?: string;
  /** Install without switching it on. */
  readonly inactive?: boolean;
}
export interface Integration {
  readonly apiKey: string;
  readonly secretKey: string;
}
export interface InstalledApp {
  readonly name: string;
  readonly appSecret: string;
  readonly registrationUrl: string;
  manifest: Manifest;
  version: string;
  active: boolean;
  integration: Integration;
  secret: string | undefined;
}

export interface AppLifecycle {
  readonly shopId: string;
  app(): InstalledApp | undefined;
  sender(): Sender | undefined;
  install(options: InstallOptions): Promise<void>;
  activate(): Promise<void>;
  deactivate(): Promise<void>;
  update(version: string, manifest?: string): Promise<void>;
  uninstall(options?: { keepUserData?: boolean }): Promise<void>;
  rotateSecret(): Promise<void>;
  reRegister(): Promise<void>;
  /** A copy of the shop (staging) registers as a new one. */
  reinstallWithNewId(): Promise<void>;
  /** Sends the last confirmation once more, byte by byte. Resolves to the status. */
  retryConfirm(): Promise<number>;
}

interface Ground {
  readonly db: Database;
  readonly random: Random;
  readonly emit: Emit;
  readonly shopUrl: () => string;
  readonly swVersion: string;
  readonly firstShopId: string;
  /** While the shop's address has changed and nobody has decided, apps hear nothing. */
  readonly silenced: () => boolean;
}

const timeoutMs = 5000;
const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function randomShopId(random: Random): string {
  return Array.from({ length: 16 }, () => alphanumeric[random.int(0, alphanumeric.length - 1)]).join('');
}

export function createAppLifecycle(ground: Ground): AppLifecycle {
  const { db, random, emit, swVersion } = ground;
  const newer = db.version === '6.7';
  let shopId = ground.firstShopId;
  let installed: InstalledApp | undefined;
  let lastConfirm: { url: string; body: string; headers: Record<string, string>; secret: string } | undefined;
  /** Newer shops remember the secret of apps that were uninstalled. */
  const remembered = new Map<string, string>();
  /** Staging quirk of 6.6: the first webhook of the new shop id is signed with the old secret. */
  let signWith: string | undefined;

  const common = {
    'user-agent': 'GuzzleHttp/7',
    'sw-version': swVersion,
    'sw-context-language': systemLanguage,
    'sw-user-language': 'en-GB',
  };
  const lifecycle = (name: string, payload: unknown): ShopEvent => ({ name, reads: [], payload: () => payload });
  const current = (): InstalledApp => {
    if (!installed) throw new Error('the app is not installed');
    return installed;
  };
  const refused = (why: string): Error => new Error(`App registration failed: ${why}`);

  const handshake = async (app: InstalledApp, known: string | undefined): Promise<void> => {
    const shopUrl = ground.shopUrl();
    const separator = app.registrationUrl.includes('?') ? '&' : '?';
    const url = `${app.registrationUrl}${separator}shop-id=${shopId}&shop-url=${shopUrl}&timestamp=${Math.floor(Date.now() / 1000)}`;
    const query = url.slice(url.indexOf('?') + 1);
    const previous = newer ? known : undefined;
    const answer = await fetch(url, {
      headers: {
        ...common,
        'shopware-app-signature': sign(query, app.appSecret),
        ...(previous === undefined ? {} : { 'shopware-shop-signature': sign(query, previous) }),
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    let reply: { proof?: unknown; secret?: unknown; confirmation_url?: unknown; error?: unknown };
    try {
      reply = JSON.parse(text) as typeof reply;
    } catch {
      throw refused(`the app server answered ${answer.status} without JSON`);
    }
    if (reply.error !== undefined) throw refused(String(reply.error));
    if (!answer.ok) throw refused(`the app server answered ${answer.status}`);
    if (String(reply.proof).trim() !== sign(`${shopId}${shopUrl}${app.name}`, app.appSecret))
      throw refused('The app server provided an invalid proof');
    const secret = String(reply.secret ?? '');
    if (secret.length < 64 || secret.length > 255) throw refused(`the shop secret has ${secret.length} characters, 64 to 255 are allowed`);
    if (newer && secret === previous) throw refused('the app server returned the current secret again');
    if (!newer) app.secret = secret;
    const body = phpJson({ ...app.integration, timestamp: String(Math.floor(Date.now() / 1000)), shopUrl, shopId });
    const headers: Record<string, string> = {
      ...common,
      'content-type': 'application/json',
      'shopware-shop-signature': sign(body, secret),
    };
    if (previous !== undefined) headers['shopware-shop-signature-previous'] = sign(body, previous);
    lastConfirm = { url: String(reply.confirmation_url), body, headers, secret };
    const status = await confirm();
    if (status < 200 || status > 299) throw refused(`the app server answered the confirmation with ${status}`);
  };
  const confirm = async (): Promise<number> => {
    if (!lastConfirm) throw new Error('there is no confirmation to repeat');
    const { url, body, headers, secret } = lastConfirm;
    const answer = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(timeoutMs) });
    await answer.arrayBuffer();
    // Newer shops keep the candidate of an unclear confirmation and take it over once it is answered.
    if (answer.ok && installed) installed.secret = secret;
    return answer.status;
  };
  const newSecretKey = (): string => Buffer.from(random.hex(76)).toString('base64url').slice(0, 52);
  const persistWebhooks = (app: InstalledApp): void => {
    const names = new Map(db.all('webhook').map((row) => [String(row.name), row]));
    for (const { name, url, event, onlyLiveVersion } of app.manifest.subscriptions) {
      const row = names.get(name);
      // A webhook is known by its name: an update does not switch a dead one on again.
      if (row) Object.assign(row, { url, eventName: event, onlyLiveVersion });
      else db.insert('webhook', { name, url, eventName: event, onlyLiveVersion, errorCount: 0, active: true });
      names.delete(name);
    }
    for (const row of names.values()) db.remove('webhook', row.id);
  };
  const remove = (): void => {
    for (const row of db.all('webhook')) db.remove('webhook', row.id);
    installed = undefined;
  };
  const again = async (): Promise<void> => {
    const app = current();
    app.integration = { ...app.integration, secretKey: newSecretKey() };
    await handshake(app, app.secret);
  };

  return {
    get shopId() {
      return shopId;
    },
    app: () => installed,
    sender: () => {
      const secret = signWith ?? installed?.secret;
      if (!installed || secret === undefined || ground.silenced()) return undefined;
      const { version: appVersion, active: appActive, manifest } = installed;
      return { shopUrl: ground.shopUrl(), shopId, secret, appVersion, appActive, swVersion, privileges: manifest.privileges };
    },
    install: async (options) => {
      const { origin } = new URL(options.registrationUrl);
      const hooksUrl = options.hooksUrl ?? `${origin}/shopware/hooks`;
      const moduleUrl = options.moduleUrl ?? `${origin}/shopware/module`;
      const manifest =
        options.manifest === undefined ? openManifest({ hooksUrl, moduleUrl }) : parseManifest(options.manifest, options.registrationUrl);
      const app: InstalledApp = {
        name: options.name,
        appSecret: options.secret,
        registrationUrl: options.registrationUrl,
        manifest: options.moduleUrl === undefined ? manifest : { ...manifest, module: options.moduleUrl },
        version: manifest.version,
        active: false,
        integration: { apiKey: `SWIA${random.hex(22).toUpperCase()}`, secretKey: newSecretKey() },
        secret: undefined,
      };
      // The integration works from here on: the app may call the API while it is being confirmed.
      installed = app;
      try {
        await handshake(app, remembered.get(app.name));
      } catch (error) {
        remove();
        throw error;
      }
      persistWebhooks(app);
      await emit(lifecycle('app.installed', { appVersion: app.version }));
      if (options.inactive === true) return;
      app.active = true;
      await emit(lifecycle('app.activated', []));
    },
    activate: async () => {
      current().active = true;
      await emit(lifecycle('app.activated', []));
    },
    deactivate: async () => {
      current().active = false;
      await emit(lifecycle('app.deactivated', []));
    },
    update: async (version, manifest) => {
      const app = current();
      if (manifest !== undefined) app.manifest = parseManifest(manifest, app.registrationUrl);
      app.version = version;
      persistWebhooks(app);
      await emit(lifecycle('app.updated', { appVersion: version }));
    },
    uninstall: async (options) => {
      const app = current();
      if (app.active) await emit(lifecycle('app.deactivated', []));
      app.active = false;
      await emit(lifecycle('app.deleted', newer ? { keepUserData: options?.keepUserData ?? false } : []));
      if (newer && app.secret !== undefined) remembered.set(app.name, app.secret);
      remove();
    },
    rotateSecret: again,
    reRegister: again,
    reinstallWithNewId: async () => {
      const app = current();
      const old = app.secret;
      shopId = randomShopId(random);
      app.integration = { apiKey: `SWIA${random.hex(22).toUpperCase()}`, secretKey: newSecretKey() };
      await handshake(app, undefined);
      if (!newer) signWith = old;
      await emit(lifecycle('app.installed', { appVersion: app.version }));
      signWith = undefined;
      if (newer) await emit(lifecycle('app.activated', []));
    },
    retryConfirm: confirm,
  };
}
