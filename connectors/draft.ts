/** Drafts on their way from the mapping to a connector. */
import type { z } from 'zod';

/** What each schema gave out, as long as somebody holds it. */
const givenBy = new WeakMap<object, z.ZodType>();

/** The fields of a draft as `schema` has them. A plan may be asked for by anybody, so each connector looks; what its schema gave out itself is not looked at twice. */
export function parseDraft<T>(schema: z.ZodType<T>, fields: unknown): z.ZodSafeParseResult<T> {
  if (typeof fields === 'object' && fields !== null && givenBy.get(fields) === schema) return { success: true, data: fields as T };
  const parsed = schema.safeParse(fields);
  if (parsed.success && typeof parsed.data === 'object' && parsed.data !== null) givenBy.set(parsed.data, schema);
  return parsed;
}
