/**
 * The port between the engine and any system. A connector is a plain object that reads like a table of contents;
 * forms, docs and the mapping editor are drawn from it, so a new system brings no screen and no switch statement.
 */
import type { z } from 'zod';
import type { CanonicalRecord, Kind } from './commerce.ts';
import type { Send } from './exchange.ts';
import type { Failure } from './failure.ts';
import type { Rule, TableDefinition, TableRows } from './mapping.ts';
import type { Text } from './text.ts';

export interface Connector<Settings = unknown> {
  /** Stable id, also the folder name: `mpluskassa`, `shopware`. */
  readonly name: string;
  readonly title: string;
  /**
   * What the merchant enters to connect: a zod object whose fields carry a {@link FieldMeta} in `.meta()`.
   * Fields marked secret are sealed at rest and never travel to the browser.
   */
  readonly settings: z.ZodType<Settings>;
  /** Installed by the platform rather than entered by the merchant: no form, no "disconnect". */
  readonly installed?: true;
  /** Words that its merchants never see, small letters: partners sell such a platform under names of their own. */
  readonly unspoken?: readonly string[];
  /** Parallel calls and calls per interval that the system stands; the budget is per connection. */
  readonly limits: Limits;
  readonly reads: Partial<Record<Kind, KindReading>>;
  readonly writes: Partial<Record<Kind, KindWriting>>;
  /** The merchant may agree on the system's own page instead of typing credentials. Absent: this server is not registered there. */
  readonly authorization?: Authorization;
  /** What a delivery of the system's own webhooks says; see {@link Session.subscribe}. Absent: it has none. */
  hear?(delivery: Delivery, settings: Settings): Heard;
  open(settings: Settings, io: Io<Settings>): Session;
}

/** The code flow of OAuth 2 (RFC 6749, section 4.1). */
export interface Authorization {
  /** Only for those fields of the form that stand in this group, which is called like an option of a choice. Absent: for the whole connector. */
  readonly group?: string;
  /** Page on which the merchant agrees. `entered`: what stands in the form so far. */
  address(how: { readonly state: string; readonly redirectUri: string; readonly entered: Readonly<Record<string, unknown>> }): string;
  /**
   * Turns what came back (query of the callback) into settings, laid over what is stored. Throws a Failure fix-connection in plain words
   * when the merchant declined or the code is refused.
   */
  redeem(how: {
    readonly callback: Readonly<Record<string, string>>;
    readonly redirectUri: string;
    readonly send: Send;
    now(): Date;
  }): Promise<Readonly<Record<string, unknown>>>;
}

export interface Delivery {
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: signatures are over these bytes. */
  readonly body: Buffer;
  readonly now: Date;
}

/** `refused`: the signature is wrong or the delivery is not for us. An empty list: understood, nothing to do. */
export type Heard = 'refused' | readonly News[];

export interface News {
  readonly kind: Kind;
  readonly id: string;
  readonly number?: string;
  /** The sender's id of this delivery; the same id twice opens nothing. */
  readonly eventId?: string;
}

export interface Limits {
  readonly concurrency: number;
  readonly perInterval?: { readonly calls: number; readonly intervalMs: number };
}

export interface KindReading {
  /** How far a poll looks back behind its cursor, in milliseconds: covers clocks and lagging search indexes. */
  readonly overlapMs: number;
  readonly pollEveryMs: number;
  /** Most ids that one `read` takes. */
  readonly batch: number;
}

export interface KindWriting {
  /** What `plan` accepts in {@link Draft.fields}. */
  readonly draft: z.ZodType;
  /** The flow's questions to the merchant: a zod object with {@link FieldMeta}; every field has a default. */
  readonly settings: z.ZodType;
  /** Value tables of the flow: shop value to target value. */
  readonly tables: readonly TableDefinition[];
  /** The default mapping: canonical record to draft. */
  readonly rules: readonly Rule[];
  /** Most plans that one `apply` takes; 1 where the system has no batches. */
  readonly batch: number;
  /** Fields whose overwriting the merchant decides one by one. */
  readonly policies?: readonly FieldPolicyDefinition[];
  /** What the target could never take, seen over all records of a source together. Asked before the first of them is sent. */
  audit?(settings: { readonly values: Readonly<Record<string, unknown>>; readonly tables: TableRows }): Audit;
  /** What becomes of an order later (cancelled, refunded) is carried on as well. Absent: it is written once and left alone. */
  readonly follows?: true;
}

/** Pure: it knows what it has seen and nothing else. */
export interface Audit {
  /** The next records of the source, in any order. */
  see(records: readonly CanonicalRecord[]): void;
  /** Of everything seen so far, by kind of mistake. Empty: all of it can be sent. */
  findings(): readonly Finding[];
}

/** One kind of mistake in the source, with what to do about it. */
export interface Finding {
  /** Stable: `not-numeric`. */
  readonly kind: string;
  readonly title: Text;
  readonly fix: Text;
  /** The flow's table in which it can be mended as well. */
  readonly table?: string;
  /** One of these records alone looks right, so nothing may be sent before it is mended. Others are refused one by one. */
  readonly blocks?: true;
  readonly items: readonly FindingItem[];
}

export interface FindingItem {
  /** What is wrong, as the merchant finds it in the source: a SKU. */
  readonly value: string;
  /** Names of the records that have it. */
  readonly names: readonly string[];
}

export const fieldPolicies = ['always', 'on-create', 'never'] as const;
export type FieldPolicy = (typeof fieldPolicies)[number];

/** Part of an offer (price, stock, visibility) or of the content (texts, attributes): two switches over the single fields. */
export interface FieldPolicyDefinition {
  readonly field: string;
  readonly title: Text;
  readonly part: 'offer' | 'content';
  readonly default: FieldPolicy;
}

/** What the host lends to a session: its only way to the outside, and the clock. */
export interface Io<Settings = unknown> {
  readonly send: Send;
  now(): Date;
  /**
   * Replaces settings that the system changes by itself (refresh tokens that rotate). `work` runs for one caller at a time, over all
   * processes, with the settings as they are stored now; what it answers is stored before this resolves with all of them. `undefined`:
   * nothing to change, somebody else was first. Throws Failure wait while another process is at it for too long. Absent where nothing is stored.
   */
  renew?(work: (stored: Settings) => Promise<Partial<Settings> | undefined>): Promise<Settings>;
}

/** An open connection. Cheap to keep: caches of tokens, articles and VAT groups live here. */
export interface Session {
  /** Who am I there, what may I do: the "test connection" button. Throws a Failure when it is not usable. */
  check(): Promise<CheckReport>;
  /** Ids that changed since the cursor, oldest first, each with the cursor to store once it is noted: poll, import, backstop. */
  changed(kind: Kind, cursor: string | undefined): AsyncIterable<Change>;
  /**
   * Canonical records in the order of the ids; an id `#10023` means the record with that number; `undefined` where the id is unknown,
   * a Failure where one cannot be read.
   */
  read(kind: Kind, ids: readonly string[]): Promise<readonly (CanonicalRecord | undefined | Failure)[]>;
  /** Looks at the target, never writes. One plan or Failure per draft. Planning again is the probe after a lost answer. */
  plan(kind: Kind, drafts: readonly Draft[]): Promise<readonly (Plan | Failure)[]>;
  /** Writes what the plans say. One outcome or Failure per plan; an ambiguous Failure means "plan again". */
  apply(kind: Kind, plans: readonly Plan[]): Promise<readonly (Outcome | Failure)[]>;
  /**
   * How long a record that was just made may stay hidden from {@link Session.plan}, in milliseconds. Nothing is made again before that when the end
   * of an attempt is not known. Absent: what is there is seen at once.
   */
  hiddenMs?(kind: Kind): number;
  /** What mappings choose from: tax codes, payment methods, branches. Throws fix-data for an unknown list. */
  vocabulary(list: string): Promise<readonly VocabularyItem[]>;
  /** Has the system tell its news of these kinds at this address. Calling again changes nothing; other addresses of ours are removed. */
  subscribe?(address: string, kinds: readonly Kind[]): Promise<void>;
  /** The last import into the system is carried out: what it does about news by itself (mails) and what rested meanwhile goes on. See {@link Draft.importing}. */
  wake?(): Promise<void>;
  /** Erases a person for good; doing it twice is no failure. `gone`: what was there, in the system's words. */
  erase?(email: string): Promise<{ readonly gone: readonly string[] }>;
  /** Records that a draft may mean, where {@link Session.plan} refused to choose (its Failure's code ends in `-ambiguous`). */
  candidates?(kind: Kind, draft: Draft): Promise<readonly VocabularyItem[]>;
}

export interface CheckReport {
  /** One line for the merchant: `MplusKASSA 67.1.3, 2 branches`. */
  readonly summary: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Not fatal, but the merchant should read it: the super user as employee, a missing scope. */
  readonly warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly params?: Readonly<Record<string, string | number>>;
  }[];
}

export interface Change {
  readonly id: string;
  /** The number that the merchant searches by, when the source gives it for free. */
  readonly number?: string;
  /** Tells two changes of one record apart (its time of change): the same version noticed twice opens nothing. */
  readonly version?: string;
  readonly cursor: string;
}

export interface VocabularyItem {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

export interface Draft {
  /** Id in the source. */
  readonly id: string;
  /**
   * Seed of every idempotency key and of our reference in the target: unique per (flow, record), the same in a dry run,
   * in every retry and on every worker. {@link Draft.revision} changes it after a definite refusal.
   */
  readonly reference: string;
  /** Counts definite refusals by the target, so that a corrected request is not answered with the stored refusal. */
  readonly revision: number;
  readonly fields: unknown;
  /** What the merchant chose among {@link Session.candidates}: a record's id there, or that it is a new one. */
  readonly chosen?: { readonly id: string } | 'new';
  /** The record's id in the target, where the ledger knows it from before. */
  readonly known?: string;
  /** Values by field as we left them in the target. A field that has another value there was edited by somebody: it is kept and reported. */
  readonly last?: Readonly<Record<string, unknown>>;
  /**
   * An import into the target is under way: this is a piece of it, about which the target does nothing by itself (no mails), or it comes meanwhile
   * and wakes nothing that rests. Only told to targets that have {@link Session.wake}.
   */
  readonly importing?: 'history' | 'meanwhile';
  /** The last record of the same entity (the same customer) that is in the target. Only told to targets that have {@link Session.hiddenMs}. */
  readonly sibling?: Sibling;
}

export interface Sibling {
  readonly kind: Kind;
  /** In the target. */
  readonly id: string;
  /** Its {@link Outcome.values}. */
  readonly values: Readonly<Record<string, unknown>>;
}

export type StepAction = 'create' | 'update' | 'skip';

/** One thing that a plan does. A plan is data: it can be stored, shown, compared and executed later. */
export interface PlanStep {
  /** Unique in its plan: `customer`, `order`, `payment`. */
  readonly id: string;
  readonly action: StepAction;
  /** The target's own word: `relation`, `order`, `payment`. */
  readonly subject: string;
  /** Its id in the target, once known. */
  readonly targetId?: string;
  /** Why nothing is done: `exists`, `unchanged`, `default-debtor`. */
  readonly reason?: string;
  readonly changes: readonly FieldChange[];
  readonly request?: PlannedRequest;
}

export interface FieldChange {
  /** Path in the draft's fields: `lines[0].taxCode`. */
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The target's value was edited by somebody since we wrote `ours`: nothing is written, `after` is what the source wanted. */
  readonly kept?: { readonly ours: unknown };
}

/**
 * Exactly what goes over the wire. Where it needs the id that an earlier step of the same plan brings, the body holds
 * `{{step-id}}` in its place; that is the only thing that apply changes.
 */
export interface PlannedRequest {
  readonly operation: string;
  readonly body: string;
}

export interface Plan {
  readonly id: string;
  readonly reference: string;
  readonly steps: readonly PlanStep[];
  /** The record in the target when it is there already. */
  readonly target?: TargetReference;
  /** What reading back has to show. */
  readonly expect?: Expectation;
  /** Values by field that stand in the target by our hand once this is carried out; also when nothing has to be written for it. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** Decisions worth showing: `house-number-unsure`, `tax-code-by-article`. */
  readonly notes: readonly PlanNote[];
}

export interface PlanNote {
  readonly code: string;
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface TargetReference {
  /** Takes part in `read(kind, [id])` of the target. */
  readonly id: string;
  readonly number?: string;
}

export interface Expectation {
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly customer?: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly grossMinor: number }[];
}

export interface Outcome {
  readonly target: TargetReference;
  /** Ids of the steps that were written now. */
  readonly written: readonly string[];
  /** Where they are only known after writing: instead of {@link Plan.values}. Either way the next draft's {@link Draft.last}. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** What a settings field carries in zod's `.meta()`; the form is drawn from it. */
export type FieldMeta = {
  readonly label: Text;
  readonly help?: Text;
  readonly placeholder?: string;
  readonly secret?: true;
  /** Under which heading the field stands. A group called like a value of a choice in the form is asked for with that value alone. */
  readonly group?: string;
  /** The field's values are chosen from this vocabulary of the connection. */
  readonly vocabulary?: string;
  /** Words that pick the default out of the vocabulary by its labels, first hit wins (case-insensitive). */
  readonly suggest?: readonly string[];
  /** Labels of an enum's values. */
  readonly options?: Readonly<Record<string, Text>>;
  readonly advanced?: true;
};
