import { z } from 'zod';
import type { Entry, Flow, Tenant } from '../../engine/model.ts';
import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { presentAttempt, presentEntry } from '../present.ts';
import { notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { flowSecrets } from './flow-secrets.ts';
import { ById } from './parameters.ts';

export function recordRoutes(ports: ApiPorts): Route[] {
  const { records, flows, desk, now } = ports;

  return [
    route({
      method: 'get',
      path: '/api/records',
      name: 'listRecords',
      summary: 'Records with their state, newest first',
      problems: [404],
      query: api.RecordQuery,
      answer: api.RecordPage,
      handle: async ({ tenant, query }) => {
        if (query.flow !== undefined) await ownedFlow(tenant, query.flow);
        const { flow, state, cause, search, kept, choosing, after, limit } = query;
        const page = await records.page(tenant, {
          ...(flow !== undefined && { flow }),
          ...(state !== undefined && { state }),
          ...(cause !== undefined && { cause }),
          ...(search !== undefined && search.trim() !== '' && { search: search.trim() }),
          ...(kept === true && { kept }),
          ...(choosing === true && { choosing }),
          ...(after !== undefined && { after }),
          limit,
        });
        return { items: page.items.map((entry) => presentEntry(entry, now())), ...(page.next !== undefined && { next: page.next }) };
      },
    }),
    route({
      method: 'get',
      path: '/api/records/{id}',
      name: 'getRecord',
      summary: 'One record with the story of its attempts',
      problems: [404],
      params: ById,
      answer: api.RecordDetail,
      handle: async ({ tenant, path }) => {
        const entry = await ownedEntry(tenant, path.id);
        const [attempts, secrets] = await Promise.all([
          records.attempts(tenant, entry.id),
          flowSecrets(ports, await flows.get(tenant, entry.flow)),
        ]);
        return {
          ...presentEntry(entry, now()),
          events: entry.events.map(({ at, by }) => ({ at: at.toISOString(), by })),
          attemptList: attempts.map((attempt) => presentAttempt(attempt, { secrets, kind: entry.kind })),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/records/{id}/candidates',
      name: 'listCandidates',
      summary: 'What a parked record may mean in the target, where there are several',
      problems: [404, 422, 502],
      params: ById,
      answer: z.array(api.VocabularyItem),
      handle: async ({ tenant, path }) => {
        const items = await desk.candidates(await ownedEntry(tenant, path.id));
        return items.map(({ value, label, hint }) => ({ value, label, ...(hint !== undefined && { hint }) }));
      },
    }),
    route({
      method: 'post',
      path: '/api/records/{id}/choice',
      name: 'chooseTarget',
      summary: 'Says which record of the target is meant, or that it is a new one, and goes on',
      problems: [404],
      params: ById,
      body: api.ChooseTarget,
      status: 202,
      answer: api.RecordSummary,
      handle: async ({ tenant, path, body }) => {
        const entry = await ownedEntry(tenant, path.id);
        const chosen = body.candidate === null ? 'new' : { id: body.candidate };
        if (!(await records.choose(tenant, entry.id, chosen))) throw notFound();
        await desk.replay(entry);
        return presentEntry(await ownedEntry(tenant, path.id), now());
      },
    }),
    route({
      method: 'post',
      path: '/api/records/{id}/replay',
      name: 'replayRecord',
      summary: 'Opens one record again',
      problems: [404],
      params: ById,
      status: 202,
      answer: api.RecordSummary,
      handle: async ({ tenant, path }) => {
        await desk.replay(await ownedEntry(tenant, path.id));
        return presentEntry(await ownedEntry(tenant, path.id), now());
      },
    }),
    route({
      method: 'post',
      path: '/api/records/replay',
      name: 'replayRecords',
      summary: 'Opens what is parked in a flow again, of one cause or all',
      problems: [404],
      body: api.ReplayMany,
      status: 202,
      answer: api.Replayed,
      handle: async ({ tenant, body }) => {
        const flow = await ownedFlow(tenant, body.flow);
        const count = await desk.replayMany(flow, { ...(body.cause !== undefined && { cause: body.cause }), at: now() });
        return { count };
      },
    }),
  ];

  async function ownedFlow(tenant: Tenant, id: string): Promise<Flow> {
    const flow = await flows.get(tenant, id);
    if (!flow) throw notFound();
    return flow;
  }

  async function ownedEntry(tenant: Tenant, id: string): Promise<Entry> {
    const entry = await records.get(tenant, id);
    if (!entry) throw notFound();
    return entry;
  }
}
