/** A draft's fields as this driver reads them. */
import type { z } from 'zod';
import type { Draft } from '../../connector.ts';
import type { Failure } from '../../failure.ts';
import { draftUnusable } from './faults.ts';

export function draftedAs<Data>(schema: z.ZodType<Data>, draft: Draft): Data | Failure {
  const parsed = schema.safeParse(draft.fields);
  return parsed.success ? parsed.data : draftUnusable(draft.id);
}
