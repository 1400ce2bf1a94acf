/** What the engine needs from the house. Implemented in app-server/store and app-server/app.ts. */

import type { Kind } from '../../connectors/commerce.ts';
import type { Connector, Session, Sibling, TargetReference } from '../../connectors/connector.ts';
import type { Attempt } from './attempt.ts';
import type { Cause, Connection, Entry, EntryState, Flow, KeptField, NoticedBy, Tenant } from './model.ts';
import type { Demand } from './prepare.ts';

export interface Notice {
  readonly sourceId: string;
  readonly number?: string;
  /** The sender's id of this delivery; the same id twice opens nothing. */
  readonly eventId?: string;
}

/** The ledger: one document per (flow, source id), every change one atomic update. */
export interface Ledger {
  /** Opens or re-opens entries. A known event id changes nothing. */
  notice(
    flow: Flow,
    notices: readonly Notice[],
    how: { by: NoticedBy; lane: 'live' | 'bulk'; at: Date },
  ): Promise<{ opened: number; reopened: number }>;
  /** Leases due entries of one lane to one worker, oldest first. Lanes are drained side by side, so bulk never delays live. */
  claim(flow: Flow, how: { worker: string; lane: Entry['lane']; limit: number; leaseMs: number; now: Date }): Promise<Entry[]>;
  /** The worker lives: what it has leased together and not yet settled stays its own until then. */
  renew(entries: readonly Entry[], how: { until: Date; now: Date }): Promise<void>;
  /** Says which entity (customer) each record belongs to (without a key: none), and what it will take out of the target's stock. */
  assign(
    of: readonly {
      readonly entry: Entry;
      readonly key: string | undefined;
      readonly demand?: { readonly connection: string; readonly of: readonly Demand[] } | undefined;
    }[],
  ): Promise<void>;
  /** Pieces by SKU that records on their way to this connection will take once they are booked. Settling as done or skipped ends that in the same update. */
  promised(tenant: Tenant, connection: string): Promise<Readonly<Record<string, number>>>;
  /** When an earlier record of the same entity that still waits is due; `undefined`: this one is first. Records of one entity go in their order. */
  earlier(entry: Entry, how: { key: string; now: Date }): Promise<Date | undefined>;
  /** Takes the lock that keeps two records of one entity (one customer) from being written side by side. False: somebody else has it. */
  lock(entry: Entry, key: string): Promise<boolean>;
  /** What else is known of the entity of a record, in whatever flow. */
  kin(entry: Entry | undefined, key: string): Promise<Kin>;
  /** Stores what is about to be written, and prolongs the lease: nothing leaves behind its end. False: the lease was lost, stop. */
  intend(entry: Entry, intent: { digest: string; until: Date }): Promise<boolean>;
  /** Ends an attempt and gives the lease and lock back. A notice that came meanwhile leaves the entry waiting. False: the lease was lost. */
  settle(entry: Entry, settlement: Settlement): Promise<boolean>;
  /** Opens parked entries again, of one cause or all of the flow. Returns how many. */
  reopen(flow: Flow, which: { cause?: string; at: Date }): Promise<number>;
  /** The other side is back: entries that wait for it are due now. */
  hasten(flow: Flow, now: Date): Promise<void>;
  /** What is known of records, by source id, as it stands. */
  look(flow: Flow, sourceIds: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  /** Of these ids in the flow's target, those that the flow brought there. */
  brought(flow: Flow, targetIds: readonly string[]): Promise<readonly string[]>;
  /** How many records the flow knows. */
  known(flow: Flow): Promise<number>;
  /**
   * Whether records that an import brought in still wait, or any record is being carried out right now: what was planned for a target at rest
   * must not arrive in one that was woken, also where news moved it to the live lane meanwhile.
   */
  busy(flow: Pick<Flow, 'id' | 'tenant'>, now: Date): Promise<boolean>;
  /** Flows that have something waiting. */
  due(now: Date): Promise<readonly string[]>;
}

export interface Kin {
  /** Its last record that is in the target. */
  readonly sibling?: Sibling;
  /** Of other records: attempts whose end is not known. */
  readonly intents: readonly NonNullable<Entry['intent']>[];
}

export interface Settlement {
  readonly state: EntryState;
  readonly at: Date;
  /** When waiting: earliest next attempt. */
  readonly dueAt?: Date;
  readonly reason?: string;
  readonly cause?: Cause;
  readonly digest?: string;
  /** What is known of the end of an attempt: nothing came of it, nobody knows, or the target was looked at. Absent: as before. */
  readonly intent?: 'answered' | 'open' | 'closed';
  readonly target?: TargetReference;
  readonly number?: string;
  readonly written?: Readonly<Record<string, unknown>>;
  readonly kept?: readonly KeptField[];
  readonly money?: { readonly currency: string; readonly totalMinor: number; readonly paidMinor: number };
  readonly settingsVersion: number;
  /** The pieces that it stands for stay promised, though it is not sent now. */
  readonly promised?: true;
  readonly strikes: number;
  readonly revision: number;
  /** False when the attempt did not count (lock taken, outage). */
  readonly counted: boolean;
}

/** The story of each attempt, kept for 30 days. */
export interface Journal {
  write(entry: Entry, attempt: Attempt): Promise<void>;
}

export interface Flows {
  get(id: string): Promise<Flow | undefined>;
  /** Flows that are switched on and read this kind from this connection. */
  reading(tenant: Tenant, connector: string, kind: Kind): Promise<readonly Flow[]>;
  /** Flows of this kind that write to this connection, switched on or off. */
  into(tenant: Tenant, connection: string, kind: Kind): Promise<readonly Flow[]>;
  /** Kinds that flows which are switched on read from this connection. */
  kindsRead(tenant: Tenant, connection: string): Promise<readonly Kind[]>;
  /** Flows whose poll is due, each leased so that one worker polls it. */
  claimPolls(now: Date, how: { limit: number; leaseMs: number }): Promise<readonly Flow[]>;
  /** Stores the watermark and when to look again. */
  polled(id: string, result: { cursor: string; nextPollAt: Date; at: Date }): Promise<void>;
  /** Stock flows whose full read at night is due, each leased so that one worker begins it. */
  claimNights(now: Date, how: { limit: number; leaseMs: number }): Promise<readonly Flow[]>;
  /** It is begun; when the next one is due. */
  nightBegun(id: string, nextNightAt: Date): Promise<void>;
  hold(id: string, hold: { until?: Date; cause: Cause; strikes: number }): Promise<void>;
  unhold(id: string): Promise<void>;
  /** Adds to the articles that fell to zero in the flow's window, which begins anew `windowMs` after it began. Answers how many they are, over all workers. */
  fell(id: string, by: { count: number; at: Date; windowMs: number }): Promise<number>;
  /** Ends a hold of the brake and remembers that somebody said so. */
  letThrough(id: string, at: Date): Promise<void>;
}

export interface Connections {
  get(tenant: Tenant, id: string): Promise<Connection | undefined>;
  /** Nothing is sent there until it is mended. Does nothing when the connection was saved again since (`version`). */
  pause(connection: Connection, cause: Cause): Promise<void>;
}

/** Opens sessions and keeps them as long as the connection's settings stay the same. */
export interface Sessions {
  open(connection: Connection): { connector: Connector; session: Session };
}

export interface Clock {
  now(): Date;
}

/** As much of an import as is needed to let its target rest. */
export interface HushedRun {
  readonly id: string;
  readonly tenant: Tenant;
  readonly flow: string;
  readonly state: string;
  readonly startedAt: Date;
}

export interface QuietImports {
  /** Remembers that the target rests, before the first record of the import is noted. */
  hush(run: HushedRun): Promise<void>;
  hushed(): Promise<readonly HushedRun[]>;
  /** Does nothing when the import was started anew meanwhile. */
  unhush(run: HushedRun): Promise<void>;
}
