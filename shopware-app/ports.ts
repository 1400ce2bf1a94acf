/** What the Shopware app needs from the server. app-server/app.ts hands the implementations in. */
import type { Kind } from '../connectors/commerce.ts';

/** One registered shop as the handshake leaves it. Secrets are sealed by whoever stores it. */
export interface RegisteredShop {
  readonly shopId: string;
  readonly shopUrl: string;
  readonly shopSecret: string | undefined;
  readonly previousShopSecret: string | undefined;
  readonly pendingShopSecret: string | undefined;
  readonly pendingShopUrl: string | undefined;
  readonly secretsRotatedAt: Date | undefined;
  readonly apiKey: string | undefined;
  readonly secretKey: string | undefined;
  readonly active: boolean;
  readonly confirmed: boolean;
  readonly doubleSignature: boolean;
  readonly shopwareVersion: string | undefined;
  /** Set when the app was uninstalled; secrets stay until the grace period ends so that a re-installation can be recognised. */
  readonly uninstalledAt: Date | undefined;
  /** 0 for a shop that was never stored. */
  readonly version: number;
}

export interface RegisteredShops {
  find(shopId: string): Promise<RegisteredShop | undefined>;
  /** Stores the shop when its stored version is still `shop.version` (0: must not exist), and returns it with the next version. `undefined`: somebody else was faster. */
  save(shop: RegisteredShop): Promise<RegisteredShop | undefined>;
  remove(shopId: string): Promise<void>;
}

/** Told about the life of an installation. Every call may come twice. */
export interface Tenants {
  /** Confirmed or re-confirmed: the shop's connection can be opened with these settings. */
  installed(shop: { shopId: string; title: string; url: string; settings: Readonly<Record<string, unknown>> }): Promise<void>;
  suspended(shopId: string, reason: string): Promise<void>;
  resumed(shopId: string): Promise<void>;
  /** `keepData` undefined: the shop did not say. */
  uninstalled(shopId: string, how: { keepData: boolean | undefined }): Promise<void>;
}

/** Where news goes. Resolves once it is stored; nothing else happens before the sender is answered. */
export interface Notices {
  notice(shopId: string, kind: Kind, notices: readonly { sourceId: string; number?: string; eventId?: string }[]): Promise<void>;
}

export interface Tickets {
  /** A short-lived, tenant-bound session for the screens. */
  issue(session: { shopId: string; user: string | undefined; language: string }): string;
}

/** The screens as one HTML page; headers are the caller's. */
export interface Page {
  render(options: {
    ticket: string;
    host: 'shopware';
    language: string;
    hostOrigin: string;
    colorScheme: 'light' | 'dark' | undefined;
  }): Promise<string>;
}

export interface Log {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}
