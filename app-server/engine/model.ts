/** What the engine keeps: connections, flows and ledger entries. Stored by app-server/store, shown by app-server/http. */

import type { Kind } from '../../connectors/commerce.ts';
import type { CheckReport } from '../../connectors/connector.ts';
import type { FailureParams, Remedy } from '../../connectors/failure.ts';
import type { TableRows } from '../../connectors/mapping.ts';

/** Who everything belongs to: one installation of the app in one shop, `<platform>:<shop id>`. */
export type Tenant = string & { readonly __brand: 'tenant' };
export const tenantOf = (platform: Platform, shopId: string): Tenant => `${platform}:${shopId}` as Tenant;
/** Name of the shop's own connector. */
export type Platform = string;

/** A failure as it is stored with what it stopped. */
export interface Cause {
  readonly code: string;
  readonly message: string;
  readonly remedy: Remedy;
  readonly params: FailureParams;
}

export interface Shop {
  readonly tenant: Tenant;
  readonly platform: Platform;
  readonly title: string;
  readonly url?: string;
  readonly state: 'active' | 'suspended' | 'uninstalled';
  readonly installedAt: Date;
}

export interface Connection {
  readonly id: string;
  readonly tenant: Tenant;
  readonly connector: string;
  readonly title: string;
  /** `paused`: the other side refused our credentials. Flows that touch it claim nothing until it is mended. */
  readonly state: 'unchecked' | 'ok' | 'paused';
  readonly cause?: Cause;
  /** As the connector's settings schema has it, secrets included: opened from the vault, never sent to a browser. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly report?: CheckReport & { readonly at: Date };
  /** Changes with every save; open sessions of an older version are dropped. */
  readonly version: number;
}

export interface FlowSettings {
  readonly values: Readonly<Record<string, unknown>>;
  readonly tables: TableRows;
}

export interface Flow {
  readonly id: string;
  readonly tenant: Tenant;
  readonly kind: Kind;
  /** Ids of connections. */
  readonly source: string;
  readonly target: string;
  readonly on: boolean;
  /** Records created before this are left alone. */
  readonly from?: Date;
  readonly settings: FlowSettings;
  readonly settingsVersion: number;
  /** Where the poll goes on. */
  readonly cursor?: string;
  /** Set while the other side is away or asked us to wait: nothing is claimed before. */
  readonly hold?: { readonly until?: Date; readonly cause: Cause; readonly strikes: number };
  /** When somebody last said that a held run is right: the brake lets through for a while. */
  readonly letThrough?: Date;
  readonly lastNoticeAt?: Date;
  readonly lastPollAt?: Date;
}

/** One field on which source, we and the target disagree. */
export interface KeptField {
  readonly field: string;
  /** What the source wants. */
  readonly wanted?: unknown;
  /** What we wrote last. */
  readonly ours?: unknown;
  /** What stands in the target now. */
  readonly found?: unknown;
}

export type EntryState = 'waiting' | 'done' | 'skipped' | 'parked';
export type NoticedBy = 'webhook' | 'poll' | 'import' | 'nightly' | 'replay' | 'button' | 'order';

/** One record of one flow, unique by (flow, source id). The only place that says what has become of it. */
export interface Entry {
  readonly id: string;
  readonly tenant: Tenant;
  readonly flow: string;
  readonly kind: Kind;
  readonly sourceId: string;
  readonly number?: string;
  readonly state: EntryState;
  /** Live records go before bulk ones. */
  readonly lane: 'live' | 'bulk';
  /** Counts notices; a notice that comes while the record is worked on re-opens it at settling. */
  readonly noticed: number;
  readonly attempts: number;
  /** Attempts in a row that ended in a retry; decides the backoff and, in the end, the parking. */
  readonly strikes: number;
  /** Definite refusals by the target: part of the idempotency key. */
  readonly revision: number;
  /** Digest of the draft that was last carried out, so that news without change costs no call to the target. */
  readonly settledDigest?: string;
  /**
   * Written before the first request of an apply leaves, and kept until the target was looked at: what we were about to do, and until when a request
   * of it may have left. `answered`: it is known that nothing came of it.
   */
  readonly intent?: { readonly digest: string; readonly until: Date; readonly answered?: boolean };
  readonly dueAt: Date;
  readonly reason?: string;
  readonly cause?: Cause;
  readonly money?: { readonly currency: string; readonly totalMinor: number; readonly paidMinor: number };
  readonly target?: { readonly id: string; readonly number?: string };
  /** Values by field as we left them in the target: tells our own value from one that somebody edited since. */
  readonly written?: Readonly<Record<string, unknown>>;
  /** Fields that were not overwritten because somebody edited them in the target. */
  readonly kept?: readonly KeptField[];
  /** Fields of this record that the merchant left to the target for good. */
  readonly theirs?: readonly string[];
  /** What was promised to it when it was last looked at and has not been booked since. */
  readonly demand?: { readonly connection: string; readonly of: readonly { readonly sku: string; readonly quantity: number }[] };
  /** What the merchant chose where the target had several that the record may mean. */
  readonly chosen?: { readonly id: string } | 'new';
  readonly settingsVersion?: number;
  readonly noticedAt: Date;
  readonly settledAt?: Date;
  readonly lease?: { readonly worker: string; readonly until: Date };
  readonly events: readonly { readonly id?: string; readonly at: Date; readonly by: NoticedBy }[];
}

export interface Counts {
  readonly received: number;
  readonly done: number;
  readonly skipped: number;
  readonly parked: number;
  readonly waiting: number;
}
