import { z } from 'zod';
import type { Connector } from '../../../connectors/connector.ts';
import { Failure } from '../../../connectors/failure.ts';
import { causeOf } from '../../engine/cause.ts';
import type { Connection, Tenant } from '../../engine/model.ts';
import * as api from '../api.ts';
import { secretFieldsOf } from '../forms.ts';
import type { ApiPorts } from '../ports.ts';
import { failedReport, presentConnection, presentReport } from '../present.ts';
import { fieldsOf, invalidInput, notFound, Problem } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { isFor } from './connectors.ts';
import { withoutNulls } from './flow-settings.ts';
import { ById } from './parameters.ts';

export function connectionRoutes(ports: ApiPorts): Route[] {
  const { connections, connectors, flows, desk } = ports;
  const connectorNamed = (name: string): Connector => orNotFound(connectors.find((connector) => connector.name === name));
  const owned = async (tenant: Tenant, id: string): Promise<Connection> => orNotFound(await connections.get(tenant, id));
  const shown = async (tenant: Tenant): Promise<api.Connection[]> =>
    (await connections.list(tenant)).flatMap((connection) => {
      const connector = connectors.find(({ name }) => name === connection.connector);
      return connector ? [presentConnection(connection, connector)] : [];
    });

  return [
    route({
      method: 'get',
      path: '/api/connections',
      name: 'listConnections',
      summary: 'The connected systems, the shop among them',
      problems: [],
      answer: z.array(api.Connection),
      handle: ({ tenant }) => shown(tenant),
    }),
    route({
      method: 'put',
      path: '/api/connections/{connectorName}',
      name: 'saveConnection',
      summary: 'Connects a system or changes how; saves even when the check that follows fails',
      problems: [404, 409],
      params: z.object({ connectorName: z.string().min(1).max(50) }),
      body: api.SaveConnection,
      answer: api.Connection,
      handle: async ({ tenant, ticket, path, body }) => {
        const connector = connectorNamed(path.connectorName);
        if (!isFor(connector, ticket.platform)) throw notFound();
        if (connector.installed) throw comesWithTheShop();
        const stored = (await connections.list(tenant)).find((connection) => connection.connector === connector.name);
        const settings = connector.settings.safeParse(withStoredSecrets(connector, body.settings, stored));
        if (!settings.success) throw invalidInput(fieldsOf(settings.error, 'settings'));
        const saved = await connections.save(tenant, {
          connector: connector.name,
          title: connector.title,
          settings: z.record(z.string(), z.unknown()).parse(settings.data),
        });
        return checked(ports, saved, connector);
      },
    }),
    route({
      method: 'post',
      path: '/api/connections/{connectorName}/authorization',
      name: 'authorizeConnection',
      summary: 'Where the merchant agrees to a connection on the system’s own page, in a window of its own',
      problems: [404],
      params: z.object({ connectorName: z.string().min(1).max(50) }),
      body: api.StartAuthorization,
      answer: api.Authorization,
      handle: async ({ tenant, ticket, path, body }) => {
        const connector = connectorNamed(path.connectorName);
        if (!isFor(connector, ticket.platform) || connector.authorization === undefined) throw notFound();
        const secret = new Set(secretFieldsOf(connector.settings));
        // The address is seen by the browser and by the other side.
        const entered = Object.fromEntries(Object.entries(withoutNulls(body.settings)).filter(([name]) => !secret.has(name)));
        const { language } = ticket;
        return { address: ports.authorizationAddress({ tenant, connector: connector.name, language, entered }) };
      },
    }),
    route({
      method: 'post',
      path: '/api/connections/{id}/check',
      name: 'checkConnection',
      summary: 'Tests a connection; what is wrong stands in the report',
      problems: [404],
      params: ById,
      answer: api.Connection,
      handle: async ({ tenant, path }) => {
        const connection = await owned(tenant, path.id);
        return checked(ports, connection, connectorNamed(connection.connector));
      },
    }),
    route({
      method: 'post',
      path: '/api/connections/{id}/disconnect',
      name: 'disconnect',
      summary: 'Forgets a system: its credentials, and the flows from and to it. Nothing is changed in the system itself',
      problems: [404, 409],
      params: ById,
      answer: z.array(api.Connection),
      handle: async ({ tenant, path }) => {
        const connection = await owned(tenant, path.id);
        if (connectorNamed(connection.connector).installed) throw comesWithTheShop();
        // The flows first: without them nobody works with the connection any more.
        await flows.removeOf(tenant, connection.id);
        await connections.remove(tenant, connection.id);
        return shown(tenant);
      },
    }),
    route({
      method: 'get',
      path: '/api/connections/{id}/vocabulary/{list}',
      name: 'getVocabulary',
      summary: 'What a field or a table of this connection chooses from',
      problems: [404, 422, 502],
      params: ById.extend({ list: z.string().min(1).max(100) }),
      answer: z.array(api.VocabularyItem),
      handle: async ({ tenant, path }) => {
        const items = await desk.vocabulary(await owned(tenant, path.id), path.list);
        return items.map(({ value, label, hint }) => ({ value, label, ...(hint !== undefined && { hint }) }));
      },
    }),
  ];
}

/** What came of an authorization, laid over what is stored. Throws a Failure when that is not enough to connect. */
export async function saveAuthorized(
  ports: ApiPorts,
  { tenant, connector }: { tenant: Tenant; connector: Connector },
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const stored = (await ports.connections.list(tenant)).find((connection) => connection.connector === connector.name);
  const parsed = connector.settings.safeParse({ ...stored?.settings, ...given });
  if (!parsed.success) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'connection.incomplete',
      message: `${connector.title} gave access, but more has to be entered: ${Object.keys(fieldsOf(parsed.error)).join(', ')}.`,
      params: { fields: Object.keys(fieldsOf(parsed.error)).join(', ') },
    });
  }
  const settings = z.record(z.string(), z.unknown()).parse(parsed.data);
  await checked(ports, await ports.connections.save(tenant, { connector: connector.name, title: connector.title, settings }), connector);
}

/** Asks the other side. Only refused credentials pause; a system that is away says nothing about its settings. */
async function checked({ connections, flows, desk, now }: ApiPorts, connection: Connection, connector: Connector): Promise<api.Connection> {
  // Not ours to mend: it ends when the shop switches the app on again.
  if (connection.cause?.code === 'shop.suspended') {
    return { ...presentConnection(connection, connector), report: failedReport(connection.cause, now()) };
  }
  try {
    const report = await desk.check(connection);
    const at = now();
    await connections.setReport(connection, { ...report, at });
    const touched = (await flows.list(connection.tenant)).filter(
      ({ source, target }) => source === connection.id || target === connection.id,
    );
    await desk.wake(touched.filter(({ on }) => on));
    await desk.subscribe(connection);
    const { cause: _mended, ...rest } = connection;
    return { ...presentConnection({ ...rest, state: 'ok' }, connector), report: presentReport(report, at) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const cause = causeOf(error);
    const report = failedReport(cause, now());
    if (error.remedy !== 'fix-connection') return { ...presentConnection(connection, connector), report };
    await connections.refuse(connection, cause);
    return { ...presentConnection({ ...connection, state: 'paused', cause }, connector), report };
  }
}

/** The browser never had the secrets, so a field left alone comes back absent or empty. */
function withStoredSecrets(
  connector: Connector,
  entered: Readonly<Record<string, unknown>>,
  stored: Connection | undefined,
): Record<string, unknown> {
  const settings = withoutNulls(entered);
  for (const name of secretFieldsOf(connector.settings)) {
    if (settings[name] !== undefined && settings[name] !== '') continue;
    delete settings[name];
    if (stored?.settings[name] !== undefined) settings[name] = stored.settings[name];
  }
  return settings;
}

function orNotFound<T>(value: T | undefined): T {
  if (value === undefined) throw notFound();
  return value;
}

const comesWithTheShop = (): Problem =>
  new Problem({
    status: 409,
    code: 'comes-with-the-shop',
    title: 'This connection comes with the shop; nothing has to be entered.',
    remedy: 'reload',
  });
