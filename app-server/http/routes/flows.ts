import { z } from 'zod';
import { Failure } from '../../../connectors/failure.ts';
import type { FlowDraft } from '../../engine/desk.ts';
import type { Flow, FlowSettings, Tenant } from '../../engine/model.ts';
import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { presentRehearsal } from '../present.ts';
import { invalidInput, notFound, Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import type { Ticket } from '../tickets.ts';
import { demandAudit } from './audit.ts';
import { flowSecrets } from './flow-secrets.ts';
import { defaultSettings, parsedSettings } from './flow-settings.ts';
import { endsOf, type FlowEnds, flowView, presentSettings } from './flow-view.ts';
import { refuseContradiction } from './ownership.ts';
import { ById } from './parameters.ts';

export function flowRoutes(ports: ApiPorts): Route[] {
  const { flows, connections, connectors, desk, now } = ports;
  const view = async (tenant: Tenant, flow: Flow): Promise<api.Flow> => flowView(ports, flow, await ends(tenant, flow));

  return [
    route({
      method: 'get',
      path: '/api/flows',
      name: 'listFlows',
      summary: 'The flows with their counts',
      problems: [],
      answer: z.array(api.Flow),
      handle: async ({ tenant }) => {
        const [stored, known] = await Promise.all([flows.list(tenant), connections.list(tenant)]);
        const views = stored.map(async (flow) => {
          const both = endsOf(flow, known, connectors);
          return both ? [await flowView(ports, flow, both)] : [];
        });
        return (await Promise.all(views)).flat();
      },
    }),
    route({
      method: 'post',
      path: '/api/flows',
      name: 'createFlow',
      summary: 'Sets up a flow, switched off and filled in as far as can be guessed; the existing one when there is one',
      problems: [404],
      body: api.CreateFlow,
      answer: api.Flow,
      handle: async ({ tenant, ticket, body }) => {
        const { kind, source, target } = body;
        const existing = (await flows.list(tenant)).find((flow) => flow.kind === kind && flow.source === source && flow.target === target);
        if (existing) return view(tenant, existing);
        const { writing } = await newEnds(tenant, body);
        const settings = await guessed({ tenant, kind, source, target, settings: defaultSettings(writing) });
        const flow = await flows.create(tenant, { kind, source, target, settings, by: editor(ticket), at: now() });
        return view(tenant, flow);
      },
    }),
    route({
      method: 'get',
      path: '/api/flows/{id}',
      name: 'getFlow',
      summary: 'One flow',
      problems: [404],
      params: ById,
      answer: api.Flow,
      handle: async ({ tenant, path }) => view(tenant, await owned(tenant, path.id)),
    }),
    route({
      method: 'post',
      path: '/api/flows/{id}/suggest',
      name: 'suggestSettings',
      summary: 'Settings as they would be guessed now; nothing is saved',
      problems: [404, 422, 502],
      params: ById,
      answer: api.FlowSettings,
      handle: async ({ tenant, path }) => presentSettings(await desk.suggest(await owned(tenant, path.id))),
    }),
    route({
      method: 'put',
      path: '/api/flows/{id}/settings',
      name: 'saveSettings',
      summary: 'Saves the settings as a new version',
      problems: [404, 409],
      params: ById,
      body: api.SaveFlowSettings,
      answer: api.Flow,
      handle: async ({ tenant, ticket, path, body }) => {
        const flow = await owned(tenant, path.id);
        const settings = parsedSettings((await ends(tenant, flow)).writing, body.settings);
        const saved = await flows.saveSettings(tenant, flow.id, { settings, version: body.version, by: editor(ticket), at: now() });
        if (!saved) throw settingsChanged();
        return view(tenant, saved);
      },
    }),
    route({
      method: 'get',
      path: '/api/flows/{id}/versions',
      name: 'listVersions',
      summary: 'Earlier settings, newest first',
      problems: [404],
      params: ById,
      answer: z.array(api.SettingsVersion),
      handle: async ({ tenant, path }) => {
        const versions = await flows.versions(tenant, (await owned(tenant, path.id)).id);
        return versions.map(({ version, at, by, settings }) => ({
          version,
          at: at.toISOString(),
          by,
          settings: presentSettings(settings),
        }));
      },
    }),
    route({
      method: 'post',
      path: '/api/flows/{id}/switch',
      name: 'switchFlow',
      summary: 'Switches a flow on or off; the first time decides from when on records are taken',
      problems: [404, 409],
      params: ById,
      body: api.SwitchFlow,
      answer: api.Flow,
      handle: async ({ tenant, path, body }) => {
        const flow = await owned(tenant, path.id);
        if (body.on) await refuseContradiction(ports, tenant, flow);
        const first = body.on && flow.from === undefined;
        if (first) await demandAudit(ports, flow, { writing: (await ends(tenant, flow)).writing, leaveOut: body.leaveOut ?? false });
        const from = body.from === undefined ? now() : new Date(body.from);
        const switched = await flows.switch(tenant, flow.id, { on: body.on, ...(first && { from }) });
        if (!switched) throw notFound();
        if (switched.on) await desk.wake([switched]);
        const source = await connections.get(tenant, switched.source);
        if (source) await desk.subscribe(source);
        return view(tenant, switched);
      },
    }),
    route({
      method: 'post',
      path: '/api/flows/{id}/release',
      name: 'releaseFlow',
      summary: 'Says that a run which the stock brake holds is right; it goes on',
      problems: [404],
      params: ById,
      answer: api.Flow,
      handle: async ({ tenant, path }) => {
        await desk.release(await owned(tenant, path.id));
        return view(tenant, await owned(tenant, path.id));
      },
    }),
    route({
      method: 'post',
      path: '/api/flows/{id}/dry-run',
      name: 'dryRun',
      summary: 'What would happen to one record; nothing is written',
      problems: [404, 422, 502],
      params: ById,
      body: api.StartDryRun,
      answer: api.DryRun,
      handle: async ({ tenant, path, body }) => {
        const flow = await owned(tenant, path.id);
        const rehearsal = await desk.dryRun(flow, body.record.trim());
        if (!rehearsal) throw recordUnknown();
        return presentRehearsal(rehearsal, { secrets: await flowSecrets(ports, flow), kind: flow.kind });
      },
    }),
  ];

  async function owned(tenant: Tenant, id: string): Promise<Flow> {
    const flow = await flows.get(tenant, id);
    if (!flow) throw notFound();
    return flow;
  }

  async function ends(tenant: Tenant, flow: Flow): Promise<FlowEnds> {
    const both = endsOf(flow, await connections.list(tenant), connectors);
    if (!both) throw notFound();
    return both;
  }

  async function newEnds(tenant: Tenant, wanted: z.output<typeof api.CreateFlow>): Promise<FlowEnds> {
    const known = await connections.list(tenant);
    if (![wanted.source, wanted.target].every((wantedId) => known.some(({ id }) => id === wantedId))) throw notFound();
    if (wanted.source === wanted.target) throw invalidInput({ target: 'A flow leads from one system to another.' });
    const both = endsOf(wanted, known, connectors);
    if (!both) throw invalidInput({ kind: 'These two systems do not exchange this.' });
    return both;
  }

  /** A system that is away does not keep a merchant from setting up a flow. */
  async function guessed(draft: FlowDraft): Promise<FlowSettings> {
    try {
      return await desk.suggest(draft);
    } catch (error) {
      if (error instanceof Failure) return draft.settings;
      throw error;
    }
  }
}

/** Who changed the settings, as the versions show it. */
const editor = (ticket: Ticket): string => ticket.user ?? 'merchant';

const settingsChanged = (): Problem =>
  new Problem({
    status: 409,
    code: 'settings-changed',
    title: 'Somebody saved these settings meanwhile. Load them again before you change them.',
    remedy: 'reload',
  });

const recordUnknown = (): Problem =>
  new Problem({
    status: 404,
    code: 'record-unknown',
    title: 'The shop knows no record with this number.',
    remedy: 'fix-data',
  });
