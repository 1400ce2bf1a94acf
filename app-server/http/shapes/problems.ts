/** What went wrong, for programs and for people. */
import { z } from 'zod';

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

export const Cause = z
  .object({
    code: z.string(),
    message: z.string(),
    remedy: z.enum(['retry', 'wait', 'fix-data', 'fix-connection']),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: 'Cause' });
export type Cause = z.infer<typeof Cause>;
