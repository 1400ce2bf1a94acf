/** A house in memory for the tests of the HTTP side: two shops, each with its till, a flow and records. */
import type { Express } from 'express';
import { z } from 'zod';
import type { Attempt } from '../../app-server/engine/attempt.ts';
import type { Rehearsal } from '../../app-server/engine/desk.ts';
import { type Cause, type Connection, type Entry, type Flow, type Shop, type Tenant, tenantOf } from '../../app-server/engine/model.ts';
import { createMetrics } from '../../app-server/http/metrics.ts';
import type { ApiPorts, FlowVersion } from '../../app-server/http/ports.ts';
import { createHttp, type HttpOptions } from '../../app-server/http/server.ts';
import { issueTicket, type TicketKey } from '../../app-server/http/tickets.ts';
import type { Connector, FieldMeta } from '../../connectors/connector.ts';

const label = (text: string) => ({ en: text, de: text, nl: text });
const meta = (text: string, more: Omit<FieldMeta, 'label'> = {}) => ({ label: label(text), ...more });
const nothing = () => {
  throw new Error('not used: the desk answers');
};

export const tillSecret = 'till-secret-8f31c2';
export const shopSecret = 'integration-secret-77ab';

const till: Connector = {
  name: 'till',
  title: 'Till',
  authorization: { address: ({ state }) => `https://login.till.example/?state=${state}`, redeem: async () => ({ secret: tillSecret }) },
  settings: z.object({
    host: z
      .string()
      .min(3)
      .meta(meta('Address', { placeholder: 'api.example.com' })),
    port: z.int().min(1).max(65535).default(443).meta(meta('Port')),
    secret: z
      .string()
      .min(6)
      .meta(meta('Secret', { secret: true })),
    pin: z
      .string()
      .min(4)
      .optional()
      .meta(meta('Pin', { secret: true })),
  }),
  limits: { concurrency: 2 },
  reads: { product: { overlapMs: 0, pollEveryMs: 60_000, batch: 10 } },
  writes: {
    order: {
      draft: z.object({}),
      settings: z.object({
        sendWhen: z.enum(['paid', 'placed']).default('paid').meta(meta('Send when')),
        branch: z
          .int()
          .min(0)
          .default(1)
          .meta(meta('Branch', { vocabulary: 'branches' })),
      }),
      tables: [{ name: 'payments', title: { en: 'Payments', de: 'Zahlungen', nl: 'Betalingen' }, source: 'payment-methods' }],
      rules: [],
      batch: 1,
    },
  },
  open: nothing,
};

const shopConnector = (name: 'shopware' | 'ecwid'): Connector => ({
  name,
  title: name,
  installed: true,
  settings: z.object({ url: z.string(), secretKey: z.string().meta(meta('Key', { secret: true })) }),
  limits: { concurrency: 2 },
  reads: { order: { overlapMs: 0, pollEveryMs: 60_000, batch: 10 } },
  writes: {},
  open: nothing,
});

export const alpha = tenantOf('shopware', 'alpha');
export const beta = tenantOf('ecwid', 'beta');

const long = new Date('2026-01-05T10:00:00Z');

export interface House {
  readonly app: Express;
  readonly ports: ApiPorts;
  readonly key: TicketKey;
  readonly logged: unknown[];
  readonly shops: Map<string, Shop>;
  readonly connections: Connection[];
  readonly flows: Flow[];
  readonly entries: Entry[];
  /** What the desk answers or throws, by operation. */
  readonly desk: { -readonly [Name in keyof ApiPorts['desk']]: ApiPorts['desk'][Name] };
  readonly woken: string[];
  clock: Date;
  bearer(tenant: Tenant): string;
}

export function createHouse(options: Partial<HttpOptions> = {}): House {
  const shops = new Map<string, Shop>(
    ([alpha, beta] as const).map((tenant, index) => [
      tenant,
      {
        tenant,
        platform: index === 0 ? 'shopware' : 'ecwid',
        title: `Shop ${tenant.split(':')[1]}`,
        url: 'https://shop.example',
        state: 'active',
        installedAt: long,
      },
    ]),
  );
  const connections = [...connectionsOf(alpha), ...connectionsOf(beta)];
  const flows = [flowOf(alpha), flowOf(beta)];
  const versions = new Map<string, FlowVersion[]>(
    flows.map((flow) => [flow.id, [{ version: 1, at: long, by: 'setup', settings: flow.settings }]]),
  );
  const entries = [...entriesOf(alpha), ...entriesOf(beta)];
  const optionsOn = new Map<string, ReadonlySet<string>>();
  const woken: string[] = [];
  const logged: unknown[] = [];
  const replace = <T extends { id: string }>(list: T[], item: T): T => {
    list[list.findIndex(({ id }) => id === item.id)] = item;
    return item;
  };
  const desk: House['desk'] = {
    check: async () => ({ summary: 'Till 67.1.3', facts: [{ label: 'Branches', value: '2' }], warnings: [] }),
    vocabulary: async () => [{ value: '1', label: 'Main street', hint: 'open' }],
    suggest: async ({ settings }) => ({ ...settings, tables: { payments: [{ from: 'invoice', to: 'ON-ACCOUNT' }] } }),
    dryRun: async (flow, record) => (record === '10023' ? rehearsalOf(flow) : undefined),
    replay: async (entry) => {
      replace(entries, { ...entry, state: 'waiting' });
    },
    replayMany: async (flow, { cause }) =>
      entries
        .filter((entry) => entry.flow === flow.id && entry.state === 'parked' && (cause === undefined || entry.cause?.code === cause))
        .map((entry) => replace(entries, { ...entry, state: 'waiting' })).length,
    release: async (flow) => {
      woken.push(flow.id);
    },
    erase: async (of) => of.map(({ connector, title }) => ({ connector, title, gone: ['member'] })),
    candidates: async ({ id }) => [{ value: '7', label: `One of ${id}` }],
    importing: () => undefined,
    subscribe: async () => undefined,
    wake: async (wakened) => {
      woken.push(...wakened.map(({ id }) => id));
    },
  };
  const house = { clock: new Date('2026-03-01T12:00:00Z') };
  const now = () => house.clock;
  const key: TicketKey = { secret: 'a-secret-of-the-tests-that-is-long-enough', now };
  const ports: ApiPorts = {
    erasures: {
      list: async () => [],
      get: async () => undefined,
      done: async (_tenant, { at, receipt }) => ({ id: 'e1', requestedAt: at, doneAt: at, receipt }),
      forgetCarts: async () => undefined,
    },
    authorizationAddress: ({ connector }) => `https://tillbridge.example/connect/${connector}/start`,
    connectors: [shopConnector('shopware'), shopConnector('ecwid'), till],
    shops: {
      get: async (tenant) => shops.get(tenant),
      optionsOn: async (tenant) => optionsOn.get(tenant) ?? new Set(),
      switchOption: async (tenant, name, on) => {
        optionsOn.set(tenant, new Set(on ? [name] : []));
        return shops.has(tenant);
      },
    },
    shopOptions: { ecwid: [{ name: 'cartReports', title: label('Carts'), help: label('What lies in carts') }] },
    connections: {
      list: async (tenant) => connections.filter((connection) => connection.tenant === tenant),
      get: async (tenant, id) => connections.find((connection) => connection.tenant === tenant && connection.id === id),
      // The walks over all operations need it afterwards.
      remove: async (tenant, id) => connections.some((connection) => connection.tenant === tenant && connection.id === id),
      save: async (tenant, saved) => {
        const stored = connections.find((connection) => connection.tenant === tenant && connection.connector === saved.connector);
        const next: Connection = {
          id: stored?.id ?? `connection-${connections.length}`,
          tenant,
          ...saved,
          state: 'unchecked',
          version: (stored?.version ?? 0) + 1,
        };
        if (stored) return replace(connections, next);
        connections.push(next);
        return next;
      },
      setReport: async ({ cause: _mended, ...connection }, report) => {
        replace(connections, { ...connection, state: 'ok', report });
      },
      refuse: async (connection, cause) => {
        replace(connections, { ...connection, state: 'paused', cause });
      },
    },
    flows: {
      list: async (tenant) => flows.filter((flow) => flow.tenant === tenant),
      get: async (tenant, id) => flows.find((flow) => flow.tenant === tenant && flow.id === id),
      create: async (tenant, { kind, source, target, settings, by, at }) => {
        const flow: Flow = { id: `flow-${flows.length}`, tenant, kind, source, target, on: false, settings, settingsVersion: 1 };
        flows.push(flow);
        versions.set(flow.id, [{ version: 1, at, by, settings }]);
        return flow;
      },
      saveSettings: async (tenant, id, { settings, version, by, at }) => {
        const flow = flows.find((candidate) => candidate.tenant === tenant && candidate.id === id && candidate.settingsVersion === version);
        if (!flow) return undefined;
        versions.get(id)?.unshift({ version: version + 1, at, by, settings });
        return replace(flows, { ...flow, settings, settingsVersion: version + 1 });
      },
      removeOf: async () => [],
      versions: async (_tenant, id) => versions.get(id) ?? [],
      switch: async (tenant, id, to) => {
        const flow = flows.find((candidate) => candidate.tenant === tenant && candidate.id === id);
        return flow && replace(flows, { ...flow, ...to });
      },
    },
    records: {
      page: async (tenant, { flow, state, cause, search, limit }) => ({
        items: entries
          .filter(
            (entry) =>
              entry.tenant === tenant &&
              (flow === undefined || entry.flow === flow) &&
              (state === undefined || entry.state === state) &&
              (cause === undefined || entry.cause?.code === cause) &&
              (search === undefined || entry.number === search),
          )
          .slice(0, limit),
      }),
      get: async (tenant, id) => entries.find((entry) => entry.tenant === tenant && entry.id === id),
      attempts: async () => [attempt],
      counts: async (_tenant, flow) => countsOf(entries.filter((entry) => entry.flow === flow)),
      remaining: async () => 0,
      resolveKept: async (tenant, id) => entries.some((entry) => entry.tenant === tenant && entry.id === id),
      choose: async (tenant, id) => entries.some((entry) => entry.tenant === tenant && entry.id === id),
      parkedBy: async (_tenant, flow) =>
        entries.some((entry) => entry.flow === flow && entry.state === 'parked') ? [{ cause, count: 1 }] : [],
    },
    imports: {
      list: async () => [],
      start: async () => undefined,
      pause: async () => true,
      resume: async () => true,
    },
    desk,
    now,
  };
  const log = (level: string) => (facts: unknown, message: string) => void logged.push({ level, facts, message });
  const app = createHttp({
    ports,
    ticketKey: key,
    metrics: createMetrics(async () => ({ done: 7, waiting: 0, skipped: 0, parked: 2 })),
    ready: async () => undefined,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    screensDir: '/nowhere',
    ...options,
  });
  return Object.assign(house, {
    app,
    ports,
    key,
    logged,
    shops,
    connections,
    flows,
    entries,
    desk,
    woken,
    bearer: (tenant: Tenant) => {
      const platform = tenant === alpha ? 'shopware' : 'ecwid';
      return `Bearer ${issueTicket(key, { tenant, platform, user: 'user-1', language: 'de-DE' }).ticket}`;
    },
  });
}

export const cause: Cause = {
  code: 'till.article-missing',
  message: 'Article SKU-9 is not in the till.',
  remedy: 'fix-data',
  params: { sku: 'SKU-9' },
};

const nameOf = (tenant: Tenant): string => tenant.split(':')[1] ?? '';

function connectionsOf(tenant: Tenant): Connection[] {
  const name = nameOf(tenant);
  const platform = tenant === alpha ? 'shopware' : 'ecwid';
  const common = { tenant, state: 'ok', version: 1 } as const;
  return [
    { ...common, id: `${name}-shop`, connector: platform, title: 'Shop', settings: { url: 'https://shop.example', secretKey: shopSecret } },
    {
      ...common,
      id: `${name}-till`,
      connector: 'till',
      title: 'Till',
      settings: { host: `${name}.till.example`, port: 443, secret: tillSecret },
    },
  ];
}

function flowOf(tenant: Tenant): Flow {
  const name = nameOf(tenant);
  const settings = { values: { sendWhen: 'paid', branch: 1 }, tables: { payments: [] } };
  return {
    id: `${name}-flow`,
    tenant,
    kind: 'order',
    source: `${name}-shop`,
    target: `${name}-till`,
    on: false,
    settings,
    settingsVersion: 1,
  };
}

function entriesOf(tenant: Tenant): Entry[] {
  const name = nameOf(tenant);
  const common = {
    tenant,
    flow: `${name}-flow`,
    kind: 'order',
    lane: 'live',
    noticed: 1,
    attempts: 1,
    strikes: 0,
    revision: 0,
    dueAt: long,
    noticedAt: long,
    settledAt: long,
    events: [{ at: long, by: 'webhook' }],
  } as const;
  return [
    { ...common, id: `${name}-done`, sourceId: `${name}-1`, number: '10023', state: 'done', target: { id: '77', number: 'T77' } },
    { ...common, id: `${name}-parked`, sourceId: `${name}-2`, number: '10024', state: 'parked', cause },
  ];
}

const step = {
  id: 'order',
  action: 'create',
  subject: 'order',
  changes: [
    { field: 'customer.email', after: 'anna@example.com' },
    { field: 'lines[0].taxCode', after: 2 },
    { field: 'lines[0].name', after: 'Blue mug' },
    { field: 'invoice', before: null, after: { city: 'Ghent', country: 'BE' } },
  ],
  request: {
    operation: 'createOrder',
    body: `<order key="${tillSecret}"><email>anna@example.com</email><cents>1999</cents></order>`,
  },
} as const;
const fired = [{ field: 'lines[0].taxCode', by: 'table', source: 'taxes:NL:2100' }] as const;

export const attempt: Attempt = {
  number: 1,
  at: long,
  worker: 'worker-1',
  settingsVersion: 1,
  stages: [{ stage: 'claim', at: long, ms: 2 }],
  outcome: 'done',
  steps: [step],
  fired,
  notes: [],
  exchanges: [],
};

const rehearsalOf = (flow: Flow): Rehearsal => ({
  recordId: `${flow.id}-1`,
  number: '10023',
  verdict: 'would-write',
  money: { currency: 'EUR', totalMinor: 1999, paidMinor: 1999 },
  steps: [step],
  fired,
  notes: [],
  digest: 'd1',
});

function countsOf(entries: readonly Entry[]) {
  const of = (state: Entry['state']) => entries.filter((entry) => entry.state === state).length;
  return { received: entries.length, done: of('done'), skipped: of('skipped'), parked: of('parked'), waiting: of('waiting') };
}
