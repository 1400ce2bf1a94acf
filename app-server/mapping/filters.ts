/** Which records of a flow go at all: conditions that the merchant sets on any field of the canonical record. Pure. */
import { z } from 'zod';
import { valueAt } from './paths.ts';

export const comparisons = ['is', 'is-not', 'one-of', 'contains', 'at-least', 'at-most', 'filled', 'empty'] as const;

export const Filter = z.object({
  /** Dotted path in the canonical record: `custom.webshop`, `categories`, `price.grossMinor`. */
  field: z.string().min(1).max(100),
  comparison: z.enum(comparisons),
  /** Text as people type it; lists separated by commas. Not used by `filled` and `empty`. */
  value: z.string().max(1_000).default(''),
});
export type Filter = z.infer<typeof Filter>;

/** All conditions have to hold; without any, everything goes. */
export function passes(record: unknown, filters: readonly Filter[]): boolean {
  return filters.every((filter) => holds(valueAt(record, filter.field), filter));
}

function holds(value: unknown, { comparison, value: wanted }: Filter): boolean {
  const values = (Array.isArray(value) ? value : [value]).filter((item) => item !== undefined && item !== null && item !== '');
  const texts = values.map((item) => String(item).toLowerCase());
  const text = wanted.trim().toLowerCase();
  switch (comparison) {
    case 'is':
      return texts.includes(text);
    case 'is-not':
      return !texts.includes(text);
    case 'one-of':
      return text
        .split(',')
        .map((part) => part.trim())
        .some((part) => texts.includes(part));
    case 'contains':
      return texts.some((item) => item.includes(text));
    case 'at-least':
      return values.some((item) => text !== '' && Number(item) >= Number(text));
    case 'at-most':
      return values.some((item) => text !== '' && Number(item) <= Number(text));
    case 'filled':
      return values.length > 0;
    case 'empty':
      return values.length === 0;
  }
}
