/** Who owns what, and the refusal of what would contradict it. */
import { z } from 'zod';
import { kinds } from '../../../connectors/commerce.ts';
import type { Connection, Flow, Tenant } from '../../engine/model.ts';
import { contradiction, ownership } from '../../engine/ownership.ts';
import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';

export function ownershipRoutes({ flows, connections }: ApiPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/ownership',
      name: 'getOwnership',
      summary: 'Per kind of record: where it is mastered and where it goes',
      problems: [],
      answer: z.array(api.Ownership),
      handle: async ({ tenant }) => {
        const [list, known] = await Promise.all([flows.list(tenant), connections.list(tenant)]);
        const there = list.filter(({ source, target }) => [source, target].every((id) => known.some((one) => one.id === id)));
        const end = (id: string) => endOf(known, id);
        return ownership(there, kinds).map(({ kind, masters, ways }) => ({
          kind,
          masters: masters.map(end),
          ways: ways.map(({ flow, source, target }) => ({ flow, source: end(source), target: end(target) })),
        }));
      },
    }),
  ];
}

/** Throws a 409 problem that says what stands against switching this flow on. */
export async function refuseContradiction(
  { flows, connections }: Pick<ApiPorts, 'flows' | 'connections'>,
  tenant: Tenant,
  flow: Flow,
): Promise<void> {
  const found = contradiction(
    flow,
    (await flows.list(tenant)).filter(({ id, on }) => on && id !== flow.id),
  );
  if (!found) return;
  const known = await connections.list(tenant);
  const titled = (id: string): string => endOf(known, id).title;
  if (found.code === 'opposite') {
    throw conflict(
      'direction-conflict',
      'The other direction of this pair is on. Switch it off first: only one side can be the master.',
      {},
    );
  }
  if (found.code === 'two-masters') {
    const params = { master: titled(found.master), target: titled(found.target) };
    throw conflict(
      'two-masters',
      `${params.target} gets this from ${params.master} already. Switch that off first: two masters would overwrite each other.`,
      params,
    );
  }
  const way = [...found.by.map(titled), titled(flow.target)].join(' → ');
  throw conflict('loop', `This would go round in a circle: ${way}. Switch one of these flows off first.`, { way });
}

function endOf(known: readonly Connection[], id: string): api.FlowEnd {
  const found = known.find((connection) => connection.id === id);
  return { connection: id, connector: found?.connector ?? '', title: found?.title ?? '' };
}

const conflict = (code: string, title: string, params: Readonly<Record<string, string>>): Problem =>
  new Problem({ status: 409, code, title, remedy: 'fix-data', params });
