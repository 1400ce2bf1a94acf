/** Big runs of a flow, and what is found before them. */
import { z } from 'zod';
import { Cause, Text } from './problems.ts';

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
