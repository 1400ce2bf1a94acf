/** Drafts as the mapping left them, parsed once more: a plan may be asked for by anybody. */
import type { z } from 'zod';
import type { Draft } from '../connector.ts';
import { parseDraft } from '../draft.ts';
import { Failure } from '../failure.ts';

/** Throws fix-data naming the field that cannot be used. */
export function drafted<T>(schema: z.ZodType<T>, source: Draft): T {
  const parsed = parseDraft(schema, source.fields);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.draft-unusable',
    message: `Record ${source.id} lacks what Lightspeed needs, or its ${field} cannot be used. Complete it in the source.`,
    params: { record: source.id, field },
  });
}
