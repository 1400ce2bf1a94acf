/** What catalogues need besides the ordinary: imports, and fields that somebody edited. */
import { z } from 'zod';
import type { Flow, Tenant } from '../../engine/model.ts';
import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { presentCause, presentEntry } from '../present.ts';
import { notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { auditOf, demandAudit, presentAudit, presentFinding } from './audit.ts';
import { endsOf } from './flow-view.ts';
import { ById } from './parameters.ts';

export function catalogueRoutes(ports: ApiPorts): Route[] {
  const { flows, imports, records, desk, connections, connectors, now } = ports;
  return [
    route({
      method: 'get',
      path: '/api/flows/{id}/imports',
      name: 'listImports',
      summary: 'The last preview and the last import of a flow',
      problems: [404],
      params: ById,
      answer: z.array(api.ImportRun),
      handle: async ({ tenant, path }) => present(tenant, await owned(tenant, path.id)),
    }),
    route({
      method: 'post',
      path: '/api/flows/{id}/imports',
      name: 'steerImport',
      summary: 'Starts, pauses or resumes a preview or an import; a start begins anew',
      problems: [404, 409],
      params: ById,
      body: api.SteerImport,
      status: 202,
      answer: z.array(api.ImportRun),
      handle: async ({ tenant, path, body }) => {
        const flow = await owned(tenant, path.id);
        if (body.phase === 'import' && body.action === 'start') {
          const both = endsOf(flow, await connections.list(tenant), connectors);
          if (!both) throw notFound();
          await demandAudit(ports, flow, { writing: both.writing, leaveOut: body.leaveOut ?? false });
        }
        if (body.action === 'start') await imports.start(flow, body.phase, now());
        else if (!(await imports[body.action](tenant, flow.id, body.phase))) throw notFound();
        if (body.action !== 'pause') desk.importing();
        return present(tenant, flow);
      },
    }),
    route({
      method: 'get',
      path: '/api/flows/{id}/audit',
      name: 'getAudit',
      summary: 'Everything that the last look found in the source and the target could never take',
      problems: [404],
      params: ById,
      answer: api.Audit,
      handle: async ({ tenant, path }) => {
        const flow = await owned(tenant, path.id);
        return presentAudit(auditOf(await imports.list(tenant, flow.id)), flow);
      },
    }),
    route({
      method: 'post',
      path: '/api/records/{id}/kept',
      name: 'resolveKept',
      summary: 'Decides a field that somebody edited in the target: take the source’s value, or leave it to the target',
      problems: [404],
      params: ById,
      body: api.ResolveKept,
      status: 202,
      answer: api.RecordSummary,
      handle: async ({ tenant, path, body }) => {
        if (!(await records.resolveKept(tenant, path.id, body))) throw notFound();
        const entry = await records.get(tenant, path.id);
        if (!entry) throw notFound();
        await desk.replay(entry);
        return presentEntry((await records.get(tenant, path.id)) ?? entry, now());
      },
    }),
  ];

  async function owned(tenant: Tenant, id: string): Promise<Flow> {
    const flow = await flows.get(tenant, id);
    if (!flow) throw notFound();
    return flow;
  }

  async function present(tenant: Tenant, flow: Flow): Promise<api.ImportRun[]> {
    const [runs, remaining] = await Promise.all([imports.list(tenant, flow.id), records.remaining(tenant, flow.id)]);
    const nightAt = runs.find(({ phase }) => phase === 'nightly')?.startedAt;
    return runs.map(({ phase, state, seen, tally, problems, audit, startedAt, endedAt, cause }) => ({
      phase,
      state,
      seen,
      tally: { ...tally },
      problems: problems.map((problem) => ({ ...problem, cause: presentCause(problem.cause) })),
      ...(audit && { findings: audit.findings.map(presentFinding) }),
      // What waits since a later night is none of the import's.
      remaining: phase === 'import' && !(nightAt && nightAt > startedAt) ? remaining : 0,
      startedAt: startedAt.toISOString(),
      ...(endedAt && { endedAt: endedAt.toISOString() }),
      ...(cause && { cause: presentCause(cause) }),
    }));
  }
}
