import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseDraft } from '../../connectors/draft.ts';

describe('a draft', () => {
  let looks = 0;
  const Counted = z.object({ sku: z.string().refine(() => ++looks > 0), quantity: z.number().default(1) });

  it('that a schema gave out is not looked at again by that schema', () => {
    looks = 0;
    const first = parseDraft(Counted, { sku: '7001', extra: true }).data;
    expect(first).toEqual({ sku: '7001', quantity: 1 });
    expect(parseDraft(Counted, first).data).toBe(first);
    expect(looks).toBe(1);
  });

  it('is looked at by every other schema, and so is what only looks like one', () => {
    looks = 0;
    const first = parseDraft(Counted, { sku: '7001' }).data;
    expect(parseDraft(z.object({ quantity: z.string() }), first).success).toBe(false);
    expect(parseDraft(Counted, { ...first }).data).toEqual(first);
    expect(looks).toBe(2);
    expect(parseDraft(Counted, { sku: 7001 }).success).toBe(false);
    expect(parseDraft(Counted, undefined).success).toBe(false);
  });
});
