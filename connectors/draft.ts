/** Drafts on their way from the mapping to a connector, and the parts that several connectors' drafts have in common. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { lineKinds } from './commerce.ts';
import { fieldPolicies } from './connector.ts';

/** An amount in minor units. */
export const minor = z.number().int();
/** One word of the target's, out of a table or a setting; left empty: absent. */
export const word = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value === '' || value === null ? undefined : value),
  z.string().optional(),
);
/** By field; absent: the default of the field's definition. */
export const Policies = z.partialRecord(z.string(), z.enum(fieldPolicies)).default({});

/** A line of an order in its currency; a connector adds what it calls the goods. */
export const orderLine = {
  kind: z.enum(lineKinds),
  sku: word,
  text: z.string().default(''),
  quantity: z.number().int().positive(),
  grossMinor: minor,
  netMinor: minor,
  taxMinor: minor,
  taxRateBp: z.number().int().nonnegative(),
};

/** Records of one entity are written one after another: two of one person at once would make him twice. The key shows nothing of him. */
export const lockOf = (entity: string, told: string | undefined): { lockKey?: string } =>
  told === undefined || told === '' ? {} : { lockKey: `${entity}:${createHash('sha256').update(told).digest('hex')}` };

/** What each schema gave out, as long as somebody holds it. */
const givenBy = new WeakMap<object, z.ZodType>();

/** The fields of a draft as `schema` has them. A plan may be asked for by anybody, so each connector looks; what its schema gave out itself is not looked at twice. */
export function parseDraft<T>(schema: z.ZodType<T>, fields: unknown): z.ZodSafeParseResult<T> {
  if (typeof fields === 'object' && fields !== null && givenBy.get(fields) === schema) return { success: true, data: fields as T };
  const parsed = schema.safeParse(fields);
  if (parsed.success && typeof parsed.data === 'object' && parsed.data !== null) givenBy.set(parsed.data, schema);
  return parsed;
}
