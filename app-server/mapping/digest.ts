import { createHash } from 'node:crypto';

/** SHA-256 (hex) over data with its keys in one order: equal data, equal digest, whoever made it. */
export function digestOf(data: unknown): string {
  return createHash('sha256').update(stable(data)).digest('hex');
}

function stable(data: unknown): string {
  return JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
