/** Erasing a person on request (GDPR, article 17), with a receipt. The address is used and forgotten. */
import { z } from 'zod';
import * as api from '../api.ts';
import type { ApiPorts, ErasureRecord } from '../ports.ts';
import { presentCause } from '../present.ts';
import { notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';

export function erasureRoutes({ erasures, desk, connections, now }: ApiPorts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/erasures',
      name: 'listErasures',
      summary: 'Who asked to be erased, and what became of it, newest first',
      problems: [],
      answer: z.array(api.Erasure),
      handle: async ({ tenant }) => (await erasures.list(tenant)).map(present),
    }),
    route({
      method: 'post',
      path: '/api/erasures',
      name: 'erasePerson',
      summary: 'Erases a person in every connected system that can; what Tillbridge keeps holds no names anyway',
      problems: [404],
      body: api.ErasePerson,
      answer: api.Erasure,
      handle: async ({ tenant, body }) => {
        if (body.request !== undefined && !(await erasures.get(tenant, body.request))) throw notFound();
        const receipt = await desk.erase(await connections.list(tenant), body.email);
        await erasures.forgetCarts(tenant, body.email);
        return present(await erasures.done(tenant, { ...(body.request !== undefined && { id: body.request }), at: now(), receipt }));
      },
    }),
  ];
}

const present = ({ id, sourceId, requestedAt, doneAt, receipt }: ErasureRecord): api.Erasure => ({
  id,
  requestedAt: requestedAt.toISOString(),
  ...(sourceId !== undefined && { customer: sourceId }),
  ...(doneAt && { doneAt: doneAt.toISOString() }),
  ...(receipt && {
    receipt: receipt.map(({ connector, title, gone, cause }) => ({
      connector,
      title,
      gone: [...gone],
      ...(cause && { cause: presentCause(cause) }),
    })),
  }),
});
