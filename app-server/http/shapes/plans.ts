/** What would be done with a record. */
import { z } from 'zod';
import { Cause } from './problems.ts';

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
