import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contradiction, ownership } from '../../app-server/engine/ownership.ts';
import type { Kind } from '../../connectors/commerce.ts';

const edge = (kind: Kind, way: string) => {
  const [source = '', target = ''] = way.split('>');
  return { kind, source, target };
};
const on = (kind: Kind, ...ways: string[]) => ways.map((way, index) => ({ ...edge(kind, way), id: `${kind}-${index}`, on: true }));

describe('who owns what', () => {
  it.each<[Kind, string, string[], string | undefined]>([
    ['product', 'till>shop', [], undefined],
    ['product', 'till>shop', ['till>mail'], undefined],
    ['product', 'shop>till', ['till>shop'], 'opposite'],
    ['stock', 'light>shop', ['till>shop'], 'two-masters'],
    ['order', 'light>till', ['shop>till'], undefined],
    ['customer', 'light>till', ['shop>till', 'till>mail'], undefined],
    ['customer', 'mail>shop', ['shop>till', 'till>mail'], 'loop'],
    ['consent', 'mail>shop', ['shop>mail'], undefined],
  ])('lets %s flow %s beside %j: %s', (kind, way, others, code) => {
    expect(
      contradiction(
        edge(kind, way),
        others.map((other) => edge(kind, other)),
      )?.code,
    ).toBe(code);
  });

  it('names the way round in its order', () => {
    const found = contradiction(edge('customer', 'mail>shop'), [edge('customer', 'shop>till'), edge('customer', 'till>mail')]);
    expect(found).toEqual({ code: 'loop', by: ['shop', 'till', 'mail'] });
  });

  it('is not disturbed by flows of another kind, nor by the flow itself', () => {
    expect(contradiction(edge('product', 'shop>till'), [edge('stock', 'till>shop')])).toBeUndefined();
    expect(contradiction(edge('product', 'till>shop'), [edge('product', 'till>shop')])).toBeUndefined();
  });

  it('never lets a record come back to where it began, whatever is switched on in whatever order', () => {
    const systems = ['shop', 'till', 'mail', 'light', 'other'];
    const anyEdge = fc
      .tuple(fc.constantFrom(...systems), fc.constantFrom(...systems))
      .filter(([source, target]) => source !== target)
      .map(([source, target]) => ({ kind: 'customer' as const, source, target }));
    fc.assert(
      fc.property(fc.array(anyEdge, { maxLength: 20 }), (wanted) => {
        const switchedOn: (typeof wanted)[number][] = [];
        for (const flow of wanted) if (contradiction(flow, switchedOn) === undefined) switchedOn.push(flow);
        const reached = (from: string, seen: readonly string[] = []): readonly string[] =>
          switchedOn
            .filter(({ source, target }) => source === from && !seen.includes(target))
            .flatMap(({ target }) => [target, ...reached(target, [...seen, target])]);
        for (const system of systems) expect(reached(system)).not.toContain(system);
      }),
    );
  });

  it('says per kind where it begins and where it goes, and nothing of what is off', () => {
    const flows = [...on('customer', 'shop>till', 'till>mail', 'light>till'), { ...edge('stock', 'till>shop'), id: 'off', on: false }];
    expect(ownership(flows, ['order', 'customer', 'stock'])).toEqual([
      {
        kind: 'customer',
        masters: ['shop', 'light'],
        ways: [
          { flow: 'customer-0', source: 'shop', target: 'till' },
          { flow: 'customer-1', source: 'till', target: 'mail' },
          { flow: 'customer-2', source: 'light', target: 'till' },
        ],
      },
    ]);
  });
});
