/** Records and what has become of them. */
import { z } from 'zod';
import { kinds } from '../../../connectors/commerce.ts';
import { Money, Note, Step } from './plans.ts';
import { Cause } from './problems.ts';

/** One field that was not overwritten because somebody edited it in the target. */
export const KeptField = z
  .object({ field: z.string(), wanted: z.unknown().optional(), ours: z.unknown().optional(), found: z.unknown().optional() })
  .meta({ id: 'KeptField' });
export type KeptField = z.infer<typeof KeptField>;

/** `source`: overwrite it after all; `target`: leave this field of this record to the target from now on. */
export const ResolveKept = z.object({ field: z.string(), take: z.enum(['source', 'target']) }).meta({ id: 'ResolveKept' });

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
