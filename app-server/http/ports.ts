/** What the settings API needs from the house. Implemented in app-server/store and app-server/engine; app.ts hands them in. */

import type { Kind } from '../../connectors/commerce.ts';
import type { CheckReport, Connector } from '../../connectors/connector.ts';
import type { Text } from '../../connectors/text.ts';
import type { Attempt } from '../engine/attempt.ts';
import type { Desk } from '../engine/desk.ts';
import type { ErasedThere } from '../engine/erasure.ts';
import type { ImportRun } from '../engine/import.ts';
import type { Cause, Connection, Counts, Entry, EntryState, Flow, FlowSettings, Platform, Shop, Tenant } from '../engine/model.ts';

/** Every lookup takes the tenant first; another tenant's id is `undefined`, exactly like an unknown one. */
export interface ApiPorts {
  readonly connectors: readonly Connector[];
  readonly shops: ShopBook;
  /** What each platform's app lets its merchants switch on. */
  readonly shopOptions: Readonly<Partial<Record<Platform, readonly ShopOption[]>>>;
  readonly connections: ConnectionBook;
  readonly flows: FlowBook;
  readonly records: RecordBook;
  readonly imports: ImportBook;
  readonly desk: Desk;
  readonly erasures: ErasureBook;
  /** Page on which a merchant agrees to a connection; see authorizations.ts. */
  authorizationAddress(asked: { tenant: Tenant; connector: string; language: string; entered: Readonly<Record<string, unknown>> }): string;
  now(): Date;
}

export interface ErasureRecord {
  readonly id: string;
  /** The customer's id in the shop, where the shop told of the request. */
  readonly sourceId?: string;
  readonly requestedAt: Date;
  readonly doneAt?: Date;
  readonly receipt?: readonly ErasedThere[];
}

interface ErasureBook {
  list(tenant: Tenant): Promise<readonly ErasureRecord[]>;
  get(tenant: Tenant, id: string): Promise<ErasureRecord | undefined>;
  done(tenant: Tenant, erasure: { id?: string; at: Date; receipt: readonly ErasedThere[] }): Promise<ErasureRecord>;
  /** Carts that the shop window reported of this person. */
  forgetCarts(tenant: Tenant, email: string): Promise<void>;
}

interface ShopBook {
  get(tenant: Tenant): Promise<Shop | undefined>;
  /** Names of the options that are switched on. */
  optionsOn(tenant: Tenant): Promise<ReadonlySet<string>>;
  /** False when the shop is gone. */
  switchOption(tenant: Tenant, name: string, on: boolean): Promise<boolean>;
}

interface ShopOption {
  readonly name: string;
  readonly title: Text;
  readonly help: Text;
}

export interface ConnectionBook {
  list(tenant: Tenant): Promise<readonly Connection[]>;
  get(tenant: Tenant, id: string): Promise<Connection | undefined>;
  /** One connection per tenant and connector: stores it or replaces its settings, as state `unchecked` without cause and report. */
  save(tenant: Tenant, connection: { connector: string; title: string; settings: Readonly<Record<string, unknown>> }): Promise<Connection>;
  /** The check of these settings went well: state `ok`. Does nothing when the connection was saved again since (`version`). */
  setReport(connection: Connection, report: CheckReport & { readonly at: Date }): Promise<void>;
  /** False: it is not there any more. */
  remove(tenant: Tenant, id: string): Promise<boolean>;
  /** The other side refused these settings: state `paused`. Does nothing when the connection was saved again since (`version`). */
  refuse(connection: Connection, cause: Cause): Promise<void>;
}

export interface FlowBook {
  list(tenant: Tenant): Promise<readonly Flow[]>;
  get(tenant: Tenant, id: string): Promise<Flow | undefined>;
  /** Unique by (kind, source, target): the existing flow when there is one, whoever was faster. */
  create(tenant: Tenant, flow: { kind: Kind; source: string; target: string; settings: FlowSettings; by: string; at: Date }): Promise<Flow>;
  /** Stores the next version; `undefined` when the stored version is no longer `version`. */
  saveSettings(
    tenant: Tenant,
    id: string,
    change: { settings: FlowSettings; version: number; by: string; at: Date },
  ): Promise<Flow | undefined>;
  /** Removes the flows that touch a connection; returns their ids. */
  removeOf(tenant: Tenant, connection: string): Promise<readonly string[]>;
  /** Newest first. */
  versions(tenant: Tenant, id: string): Promise<readonly FlowVersion[]>;
  /** `from` is stored when given. */
  switch(tenant: Tenant, id: string, to: { on: boolean; from?: Date }): Promise<Flow | undefined>;
}

export interface FlowVersion {
  readonly version: number;
  readonly at: Date;
  readonly by: string;
  readonly settings: FlowSettings;
}

export interface RecordQuery {
  readonly flow?: string;
  readonly state?: EntryState;
  /** Code of the cause. */
  readonly cause?: string;
  /** Order number, source id or number in the target, from the start of it. */
  readonly search?: string;
  /** `next` of the page before. One that cannot be read starts at the beginning. */
  /** Only records with fields that somebody edited in the target. */
  readonly kept?: boolean;
  /** Only records for which the target has several that may be meant. */
  readonly choosing?: boolean;
  readonly after?: string;
  readonly limit: number;
}

/** Imports and previews of flows. */
interface ImportBook {
  list(tenant: Tenant, flow: string): Promise<readonly ImportRun[]>;
  start(flow: Pick<Flow, 'id' | 'tenant'>, phase: ImportRun['phase'], at: Date): Promise<unknown>;
  /** False: there is none that could be. */
  pause(tenant: Tenant, flow: string, phase: ImportRun['phase']): Promise<boolean>;
  resume(tenant: Tenant, flow: string, phase: ImportRun['phase']): Promise<boolean>;
}

interface RecordBook {
  /** Newest notice first. */
  page(tenant: Tenant, query: RecordQuery): Promise<{ readonly items: readonly Entry[]; readonly next?: string }>;
  get(tenant: Tenant, id: string): Promise<Entry | undefined>;
  /** Newest first. */
  attempts(tenant: Tenant, id: string): Promise<readonly Attempt[]>;
  counts(tenant: Tenant, flow: string): Promise<Counts>;
  /** Records of an import that are noted but not yet carried out. */
  remaining(tenant: Tenant, flow: string): Promise<number>;
  /** False: no such record or no such field on it. */
  resolveKept(tenant: Tenant, id: string, how: { field: string; take: 'source' | 'target' }): Promise<boolean>;
  /** The next attempt takes this record of the target, or makes a new one. False: no such record, or nothing to choose. */
  choose(tenant: Tenant, id: string, chosen: NonNullable<Entry['chosen']>): Promise<boolean>;
  parkedBy(tenant: Tenant, flow: string): Promise<readonly { readonly cause: Cause; readonly count: number }[]>;
}
