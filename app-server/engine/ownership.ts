/** Who owns what: where each kind of record is mastered and where it goes, and what would contradict that. Pure. */
import type { Kind } from '../../connectors/commerce.ts';
import type { Flow } from './model.ts';

type Edge = Pick<Flow, 'kind' | 'source' | 'target'>;

/** Of these there is one truth per target: two flows into it would overwrite each other for ever. Orders, people and carts add up instead. */
const mastered: ReadonlySet<Kind> = new Set(['product', 'category', 'stock']);
/** Of these every system may send news of its own; what Tillbridge itself brought is recognised and goes no further. */
const mutual: ReadonlySet<Kind> = new Set(['consent']);

export type Contradiction =
  /** The other direction of the same pair is on. */
  | { readonly code: 'opposite'; readonly source: string; readonly target: string }
  /** The target has another master already. */
  | { readonly code: 'two-masters'; readonly master: string; readonly target: string }
  /** What leaves the source would come back to it; `by`: the systems in between, in their order. */
  | { readonly code: 'loop'; readonly by: readonly string[] };

/** Why this flow may not be on beside those that are. `undefined`: it may. */
export function contradiction(flow: Edge, others: readonly Edge[]): Contradiction | undefined {
  if (mutual.has(flow.kind)) return undefined;
  const same = others.filter((other) => other.kind === flow.kind && !(other.source === flow.source && other.target === flow.target));
  const opposite = same.find(({ source, target }) => source === flow.target && target === flow.source);
  if (opposite) return { code: 'opposite', source: opposite.source, target: opposite.target };
  const rival = mastered.has(flow.kind) ? same.find(({ target }) => target === flow.target) : undefined;
  if (rival) return { code: 'two-masters', master: rival.source, target: flow.target };
  const way = wayBetween(flow.target, flow.source, same);
  return way && { code: 'loop', by: way };
}

/** Systems that records pass from one to another, both ends included. */
function wayBetween(from: string, to: string, edges: readonly Edge[]): readonly string[] | undefined {
  const queue: (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  for (let way = queue.shift(); way; way = queue.shift()) {
    const last = way.at(-1);
    if (last === to) return way;
    for (const { source, target } of edges) {
      if (source !== last || seen.has(target)) continue;
      seen.add(target);
      queue.push([...way, target]);
    }
  }
  return undefined;
}

export interface Ownership {
  readonly kind: Kind;
  /** Connection ids of the systems in which such records begin. */
  readonly masters: readonly string[];
  readonly ways: readonly { readonly source: string; readonly target: string; readonly flow: string }[];
}

/** One entry per kind that flows, in the order of `kinds`. */
export function ownership(flows: readonly Pick<Flow, 'id' | 'kind' | 'source' | 'target' | 'on'>[], kinds: readonly Kind[]): Ownership[] {
  const on = flows.filter((flow) => flow.on);
  return kinds.flatMap((kind) => {
    const ways = on.filter((flow) => flow.kind === kind);
    if (ways.length === 0) return [];
    const fed = new Set(ways.map(({ target }) => target));
    const masters = [...new Set(ways.map(({ source }) => source))].filter((source) => !fed.has(source));
    return [{ kind, masters, ways: ways.map(({ id, source, target }) => ({ flow: id, source, target })) }];
  });
}
