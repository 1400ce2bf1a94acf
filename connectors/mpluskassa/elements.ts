/** The ways in which elements of an answer may be there, empty or missing. */
import { z } from 'zod';

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const optionalText = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));
export const whole = z.number().int();
export const optionalWhole = whole.nullish().transform((value) => value ?? undefined);
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);

/** `<list><item/>…</list>`: absent, empty, one or many. */
export function listOf<Item extends z.ZodType>(child: string, item: Item) {
  return z.preprocess((wrapper) => {
    const held = typeof wrapper === 'object' && wrapper !== null ? Reflect.get(wrapper, child) : undefined;
    return present(held);
  }, z.array(item));
}

/** The element itself repeated, without a wrapper. */
export function repeated<Item extends z.ZodType>(item: Item) {
  return z.preprocess(present, z.array(item));
}

function present(held: unknown): unknown[] {
  if (held === undefined || held === null) return [];
  return Array.isArray(held) ? held.filter((entry) => entry !== null) : [held];
}

export const TillDateTime = z.object({ sec: whole, min: whole, hour: whole, day: whole, mon: whole, year: whole });
export type TillDateTime = z.infer<typeof TillDateTime>;
