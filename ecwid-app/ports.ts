/** What the Ecwid app needs from the server. app-server/app.ts hands the implementations in. */
import type { Kind } from '../connectors/commerce.ts';

/** One store that installed the app. The token is sealed by whoever stores it. */
export interface InstalledStore {
  readonly storeId: string;
  readonly accessToken: string | undefined;
  readonly publicToken: string | undefined;
  readonly scopes: readonly string[];
  readonly status: 'installed' | 'active' | 'suspended' | 'uninstalled';
  /** SHA-256 of the payloads that already opened a session, newest last, so that an old address opens nothing. */
  readonly seenPayloads: readonly { readonly digest: string; readonly at: Date }[];
  readonly uninstalledAt: Date | undefined;
  /** 0 for a store that was never stored. */
  readonly version: number;
}

export interface InstalledStores {
  find(storeId: string): Promise<InstalledStore | undefined>;
  /** Stores the record when its stored version is still `store.version` (0: must not exist), and returns it with the next version. `undefined`: somebody else was faster. */
  save(store: InstalledStore): Promise<InstalledStore | undefined>;
  remove(storeId: string): Promise<void>;
}

/** Told about the life of an installation. Every call may come twice. */
export interface Tenants {
  /** The token was proven: the store's connection can be opened with these settings. */
  installed(shop: {
    shopId: string;
    title: string;
    url: string;
    settings: Readonly<Record<string, unknown>>;
    /** Why nothing may be done for it although the token works. */
    suspended?: string;
  }): Promise<void>;
  suspended(shopId: string, reason: string): Promise<void>;
  resumed(shopId: string): Promise<void>;
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
  render(options: { ticket: string; host: 'ecwid'; language: string; clientId: string; appScript: string | undefined }): Promise<string>;
}

/** A cart as a browser in the shop window reports it. Nothing in it is proven; the e-mail is there only with the visitor's consent. */
export interface ReportedCart {
  readonly cartId: string;
  readonly items: readonly {
    readonly productId: string;
    readonly sku: string;
    readonly name: string;
    readonly quantity: number;
    readonly price: number;
  }[];
  readonly email: string | undefined;
  readonly at: Date;
}

/** Where carts go that visitors left behind. Off for a store until its merchant switches it on. */
export interface Carts {
  /** Called by the storefront script before it reads anything. */
  wanted(shopId: string): Promise<boolean>;
  /** The last report of a cart is the cart; one without items ends it. */
  report(shopId: string, cart: ReportedCart): Promise<void>;
}

/** People who asked the store to be forgotten. The body of a webhook proves nothing, so a person decides. */
export interface ErasureRequests {
  request(shopId: string, customerId: string): Promise<void>;
}

export interface Log {
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
}
