/** Every shape that the screens and the server exchange. The OpenAPI description is generated from these schemas. */
import { z } from 'zod';
import { kinds } from '../../connectors/commerce.ts';

export const Text = z.object({ en: z.string(), de: z.string(), nl: z.string() }).meta({ id: 'Text' });

/** RFC 9457, with what a merchant can do about it. `code` is stable; the screens translate it with `params`. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    remedy: z.enum(['retry', 'wait', 'fix-data', 'fix-connection', 'reload']),
    params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    /** Which fields of the body are wrong: path to message. */
    fields: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

export const Session = z
  .object({
    tenant: z.string(),
    platform: z.string(),
    shop: z.object({ title: z.string(), url: z.string().optional() }),
    language: z.string(),
    expiresAt: z.iso.datetime(),
    trial: z.object({ endsAt: z.iso.datetime() }).optional(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** Something that can be switched on for the shop as a whole. */
export const ShopOption = z.object({ name: z.string(), title: Text, help: Text, on: z.boolean() }).meta({ id: 'ShopOption' });
export type ShopOption = z.infer<typeof ShopOption>;

export const SwitchShopOption = z.object({ name: z.string().min(1).max(50), on: z.boolean() }).meta({ id: 'SwitchShopOption' });

export const RenewedTicket = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'RenewedTicket' });

export const FormField = z
  .object({
    name: z.string(),
    type: z.enum(['text', 'number', 'boolean', 'choice', 'secret']),
    label: Text,
    help: Text.optional(),
    placeholder: z.string().optional(),
    required: z.boolean(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    group: z.string().optional(),
    advanced: z.boolean().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    options: z.array(z.object({ value: z.string(), label: Text })).optional(),
    /** Values are chosen from this vocabulary of the connection; free text where it cannot be read. */
    vocabulary: z.string().optional(),
  })
  .meta({ id: 'FormField' });
export type FormField = z.infer<typeof FormField>;

export const Connector = z
  .object({
    name: z.string(),
    title: z.string(),
    /** Comes with the shop; the merchant enters nothing. */
    installed: z.boolean(),
    /** The merchant may agree on the system's own page instead of typing credentials. */
    authorizes: z.boolean(),
    /** Only together with the fields of this group. */
    authorizesWithin: z.string().optional(),
    reads: z.array(z.enum(kinds)),
    writes: z.array(z.enum(kinds)),
    form: z.array(FormField),
  })
  .meta({ id: 'Connector' });
export type Connector = z.infer<typeof Connector>;

export const Cause = z
  .object({
    code: z.string(),
    message: z.string(),
    remedy: z.enum(['retry', 'wait', 'fix-data', 'fix-connection']),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: 'Cause' });
export type Cause = z.infer<typeof Cause>;

export const CheckReport = z
  .object({
    ok: z.boolean(),
    at: z.iso.datetime(),
    summary: z.string().optional(),
    facts: z.array(z.object({ label: z.string(), value: z.string() })),
    warnings: z.array(
      z.object({ code: z.string(), message: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])).optional() }),
    ),
    cause: Cause.optional(),
  })
  .meta({ id: 'CheckReport' });
export type CheckReport = z.infer<typeof CheckReport>;

export const Connection = z
  .object({
    id: z.string(),
    connector: z.string(),
    title: z.string(),
    /** `paused`: the other side refused our credentials; nothing is sent until they are mended. Work waits, nothing is lost. */
    state: z.enum(['ok', 'paused', 'unchecked']),
    cause: Cause.optional(),
    /** Secrets are left out; `secretsSet` names those that are stored. */
    settings: z.record(z.string(), z.unknown()),
    secretsSet: z.array(z.string()),
    report: CheckReport.optional(),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

export const SaveConnection = z
  .object({
    /** Secrets that are absent or empty keep their stored value. */
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SaveConnection' });

export const FlowEnd = z.object({ connection: z.string(), connector: z.string(), title: z.string() }).meta({ id: 'FlowEnd' });
export type FlowEnd = z.infer<typeof FlowEnd>;

export const StartAuthorization = z
  .object({
    /** What is entered so far; secrets are not taken along. */
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'StartAuthorization' });

export const Authorization = z.object({ address: z.url() }).meta({ id: 'Authorization' });

export const VocabularyItem = z
  .object({ value: z.string(), label: z.string(), hint: z.string().optional() })
  .meta({ id: 'VocabularyItem' });
export type VocabularyItem = z.infer<typeof VocabularyItem>;

export const Table = z
  .object({
    name: z.string(),
    title: Text,
    help: Text.optional(),
    /** Vocabulary of the source connection for the left column. */
    source: z.string(),
    /** Vocabulary of the target connection for the right column; absent for free text. */
    target: z.string().optional(),
  })
  .meta({ id: 'Table' });
export type Table = z.infer<typeof Table>;

export const TableRow = z.object({ from: z.string().min(1).max(200), to: z.string().min(1).max(200) });

export const FlowSettings = z
  .object({
    values: z.record(z.string(), z.unknown()),
    tables: z.record(z.string(), z.array(TableRow).max(5000)),
  })
  .meta({ id: 'FlowSettings' });
export type FlowSettings = z.infer<typeof FlowSettings>;

/** received = done + skipped + parked + waiting, always. */
export const Counts = z
  .object({
    received: z.number().int(),
    done: z.number().int(),
    skipped: z.number().int(),
    parked: z.number().int(),
    waiting: z.number().int(),
  })
  .meta({ id: 'Counts' });
export type Counts = z.infer<typeof Counts>;

export const Flow = z
  .object({
    id: z.string(),
    kind: z.enum(kinds),
    source: FlowEnd,
    target: FlowEnd,
    on: z.boolean(),
    /** What there was before may be brought along: it has an import. */
    history: z.boolean(),
    /** Set while nothing is claimed: credentials refused, or the other side is away. */
    held: z.object({ until: z.iso.datetime().optional(), cause: Cause }).optional(),
    /** Records older than this are left alone. */
    from: z.iso.datetime().optional(),
    settings: FlowSettings,
    settingsVersion: z.number().int(),
    form: z.array(FormField),
    tables: z.array(Table),
    counts: Counts,
    lastNoticeAt: z.iso.datetime().optional(),
    lastPollAt: z.iso.datetime().optional(),
    /** Per cause, how many records are parked for it. */
    parkedBy: z.array(z.object({ cause: Cause, count: z.number().int() })),
  })
  .meta({ id: 'Flow' });
export type Flow = z.infer<typeof Flow>;

export const Problems = z
  .object({ cause: Cause, count: z.number().int(), /** One record that has it. */ sample: z.string() })
  .meta({ id: 'Problems' });

const findingShape = {
  kind: z.string(),
  title: Text,
  fix: Text,
  /** The flow's table in which it can be mended as well. */
  table: z.string().optional(),
  /** Nothing is sent before it is mended; other findings may be left out. */
  blocks: z.boolean(),
  count: z.number().int(),
};
const findingItem = z.object({ value: z.string(), names: z.array(z.string()) });

/** One kind of mistake in the source that the target could never take, with a few of the records that have it. */
export const Finding = z.object({ ...findingShape, samples: z.array(findingItem) }).meta({ id: 'Finding' });
export type Finding = z.infer<typeof Finding>;

/** What the last look found, in full (up to 500 of a kind). */
export const Audit = z
  .object({
    /** Absent: nobody looked yet. */
    at: z.iso.datetime().optional(),
    /** The settings were changed since; look again. */
    outdated: z.boolean(),
    findings: z.array(z.object({ ...findingShape, items: z.array(findingItem) }).meta({ id: 'FullFinding' })),
  })
  .meta({ id: 'Audit' });
export type Audit = z.infer<typeof Audit>;

/** The first big run of a flow, the look at what it would do, or the full read at night. */
export const ImportRun = z
  .object({
    phase: z.enum(['preview', 'import', 'nightly']),
    state: z.enum(['running', 'paused', 'done', 'failed']),
    /** Records of the source seen so far. */
    seen: z.number().int(),
    /** Of a preview: what would happen to them. */
    tally: z.object({
      create: z.number().int(),
      update: z.number().int(),
      unchanged: z.number().int(),
      skip: z.number().int(),
      problem: z.number().int(),
    }),
    problems: z.array(Problems),
    /** Of a finished preview, where the target has mistakes that it could never take. */
    findings: z.array(Finding).optional(),
    /** Of an import: records that are noted but not yet carried out. */
    remaining: z.number().int(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    cause: Cause.optional(),
  })
  .meta({ id: 'ImportRun' });
export type ImportRun = z.infer<typeof ImportRun>;
export const SteerImport = z
  .object({
    phase: z.enum(['preview', 'import']),
    action: z.enum(['start', 'pause', 'resume']),
    /** What the look found stays out until it is mended; the rest is imported. */
    leaveOut: z.boolean().optional(),
  })
  .meta({ id: 'SteerImport' });

/** One field that was not overwritten because somebody edited it in the target. */
export const KeptField = z
  .object({ field: z.string(), wanted: z.unknown().optional(), ours: z.unknown().optional(), found: z.unknown().optional() })
  .meta({ id: 'KeptField' });
export type KeptField = z.infer<typeof KeptField>;
/** `source`: overwrite it after all; `target`: leave this field of this record to the target from now on. */
export const ResolveKept = z.object({ field: z.string(), take: z.enum(['source', 'target']) }).meta({ id: 'ResolveKept' });

export const CreateFlow = z.object({ kind: z.enum(kinds), source: z.string(), target: z.string() }).meta({ id: 'CreateFlow' });
export const SaveFlowSettings = z
  .object({ settings: FlowSettings, /** The version that was edited; 409 when somebody saved meanwhile. */ version: z.number().int() })
  .meta({ id: 'SaveFlowSettings' });
export const SwitchFlow = z
  .object({
    on: z.boolean(),
    /** First switch-on: take records from this instant on; default now. */
    from: z.iso.datetime().optional(),
    /** What the look found stays out until it is mended. */
    leaveOut: z.boolean().optional(),
  })
  .meta({ id: 'SwitchFlow' });

export const SettingsVersion = z
  .object({ version: z.number().int(), at: z.iso.datetime(), by: z.string(), settings: FlowSettings })
  .meta({ id: 'SettingsVersion' });
export type SettingsVersion = z.infer<typeof SettingsVersion>;

export const Change = z
  .object({
    field: z.string(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    /** Where the value came from: a source path, a table and its key, a setting. */
    source: z.string().optional(),
    by: z.enum(['force', 'source', 'table', 'default', 'left-out']).optional(),
    /** Edited in the target since our last write, so it was not overwritten. */
    kept: z.boolean().optional(),
  })
  .meta({ id: 'Change' });
export type Change = z.infer<typeof Change>;

export const Step = z
  .object({
    id: z.string(),
    action: z.enum(['create', 'update', 'skip']),
    subject: z.string(),
    targetId: z.string().optional(),
    reason: z.string().optional(),
    changes: z.array(Change),
    /** What goes over the wire, with secrets and personal data masked. */
    request: z.object({ operation: z.string(), body: z.string() }).optional(),
  })
  .meta({ id: 'Step' });
export type Step = z.infer<typeof Step>;

export const Note = z
  .object({ code: z.string(), message: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])).optional() })
  .meta({ id: 'Note' });

export const Money = z.object({ currency: z.string(), totalMinor: z.number().int(), paidMinor: z.number().int() }).meta({ id: 'Money' });

/** What would happen, or why nothing would. Nothing is written; two runs of an unchanged record are the same to the byte. */
export const DryRun = z
  .object({
    recordId: z.string(),
    number: z.string().optional(),
    verdict: z.enum(['would-write', 'would-skip', 'would-park']),
    reason: z.string().optional(),
    cause: Cause.optional(),
    money: Money.optional(),
    steps: z.array(Step),
    notes: z.array(Note),
    /** Of a stock level: how the published number came about, one line each; the last one is the number. */
    working: z.array(z.object({ what: z.string(), branch: z.string().optional(), value: z.number() })).optional(),
    /** SHA-256 over the exact, unmasked requests in order; the live run shows the same value. */
    digest: z.string(),
  })
  .meta({ id: 'DryRun' });
export type DryRun = z.infer<typeof DryRun>;

export const StartDryRun = z
  .object({ /** Order number or id in the source. */ record: z.string().min(1).max(100) })
  .meta({ id: 'StartDryRun' });

export const recordStates = ['waiting', 'done', 'skipped', 'parked'] as const;

export const RecordSummary = z
  .object({
    id: z.string(),
    flow: z.string(),
    kind: z.enum(kinds),
    sourceId: z.string(),
    number: z.string().optional(),
    state: z.enum(recordStates),
    /** A worker has it right now. */
    working: z.boolean(),
    reason: z.string().optional(),
    cause: Cause.optional(),
    money: Money.optional(),
    target: z.object({ id: z.string(), number: z.string().optional() }).optional(),
    attempts: z.number().int(),
    /** Fields that wait for somebody to decide between source and target. */
    kept: z.array(KeptField).optional(),
    noticedAt: z.iso.datetime(),
    settledAt: z.iso.datetime().optional(),
    nextAttemptAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'RecordSummary' });
export type RecordSummary = z.infer<typeof RecordSummary>;

/** Decides which of several records in the target is meant; `null`: none of them, it is a new one. */
export const ChooseTarget = z.object({ candidate: z.string().min(1).max(200).nullable() }).meta({ id: 'ChooseTarget' });

/** Of one kind of record: the systems in which it begins, and the flows that carry it on. */
export const Ownership = z
  .object({
    kind: z.enum(kinds),
    masters: z.array(FlowEnd),
    ways: z.array(z.object({ flow: z.string(), source: FlowEnd, target: FlowEnd })),
  })
  .meta({ id: 'Ownership' });
export type Ownership = z.infer<typeof Ownership>;

/** A person's erasure, asked for or done. Holds neither address nor name. */
export const Erasure = z
  .object({
    id: z.string(),
    /** Id of the customer in the shop, where the shop told of the request. */
    customer: z.string().optional(),
    requestedAt: z.iso.datetime(),
    /** Absent: somebody asked, and it waits for the merchant. */
    doneAt: z.iso.datetime().optional(),
    receipt: z
      .array(
        z
          .object({ connector: z.string(), title: z.string(), gone: z.array(z.string()), cause: Cause.optional() })
          .meta({ id: 'ErasedThere' }),
      )
      .optional(),
  })
  .meta({ id: 'Erasure' });
export type Erasure = z.infer<typeof Erasure>;

export const ErasePerson = z
  .object({ email: z.email().max(254), /** Id of the request that this answers. */ request: z.string().max(100).optional() })
  .meta({ id: 'ErasePerson' });

export const Exchange = z
  .object({
    at: z.iso.datetime(),
    system: z.string(),
    label: z.string(),
    method: z.string(),
    url: z.string(),
    requestBody: z.string().optional(),
    status: z.number().int().optional(),
    responseBody: z.string().optional(),
    durationMs: z.number(),
    failure: z.string().optional(),
  })
  .meta({ id: 'Exchange' });

export const stages = ['notice', 'claim', 'read', 'map', 'plan', 'apply', 'verify', 'settle'] as const;

export const Verdict = z
  .object({
    ok: z.boolean(),
    checks: z.array(z.object({ what: z.string(), expected: z.string(), found: z.string(), ok: z.boolean() })),
  })
  .meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof Verdict>;

/** One pass of a record through the pipeline. */
export const Attempt = z
  .object({
    number: z.number().int(),
    at: z.iso.datetime(),
    worker: z.string(),
    settingsVersion: z.number().int(),
    stages: z.array(z.object({ stage: z.enum(stages), at: z.iso.datetime(), ms: z.number(), note: z.string().optional() })),
    outcome: z.enum(['done', 'skipped', 'parked', 'waiting', 'interrupted']),
    reason: z.string().optional(),
    cause: Cause.optional(),
    steps: z.array(Step),
    notes: z.array(Note),
    verdict: Verdict.optional(),
    digest: z.string().optional(),
    exchanges: z.array(Exchange),
  })
  .meta({ id: 'Attempt' });
export type Attempt = z.infer<typeof Attempt>;

export const RecordDetail = RecordSummary.extend({
  events: z.array(z.object({ at: z.iso.datetime(), by: z.string() })),
  attemptList: z.array(Attempt),
}).meta({ id: 'RecordDetail' });
export type RecordDetail = z.infer<typeof RecordDetail>;

export const RecordPage = z.object({ items: z.array(RecordSummary), next: z.string().optional() }).meta({ id: 'RecordPage' });
export const RecordQuery = z.object({
  flow: z.string().optional(),
  state: z.enum(recordStates).optional(),
  cause: z.string().optional(),
  /** Order number, source id or number in the target. */
  search: z.string().max(100).optional(),
  /** Only records with fields that somebody edited in the target. */
  kept: z.stringbool().optional(),
  /** Only records for which the target has several that may be meant. */
  choosing: z.stringbool().optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** Opens records again: one cause, or everything parked in a flow. */
export const ReplayMany = z.object({ flow: z.string(), cause: z.string().optional() }).meta({ id: 'ReplayMany' });
export const Replayed = z.object({ count: z.number().int() }).meta({ id: 'Replayed' });
