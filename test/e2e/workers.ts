/** Worker processes that a test starts itself, beside a server that only notes: each with empty caches and hung on a life of its own. */
import { randomBytes } from 'node:crypto';
import type { Flow } from '../../app-server/engine/model.ts';
import type { Sessions } from '../../app-server/engine/ports.ts';
import type { Engine } from '../../app-server/engine/run.ts';
import { createWorker } from '../../app-server/engine/worker.ts';
import { secretFieldsOf } from '../../app-server/http/forms.ts';
import { createAttempts } from '../../app-server/store/attempts.ts';
import { createConnections } from '../../app-server/store/connections.ts';
import type { Database } from '../../app-server/store/database.ts';
import { createLedger } from '../../app-server/store/entries.ts';
import { createFlows } from '../../app-server/store/flows.ts';
import { createImports } from '../../app-server/store/imports.ts';
import { createVault, parseEncryptionKeys } from '../../app-server/store/vault.ts';
import type { Connector } from '../../connectors/connector.ts';
import { createBudget, createExchange, type Send } from '../../connectors/exchange.ts';
import { lightspeedConnector } from '../../connectors/lightspeed/index.ts';
import { mailchimpConnector } from '../../connectors/mailchimp/index.ts';
import { mpluskassa } from '../../connectors/mpluskassa/index.ts';
import { ecwidConnector } from '../../ecwid-app/index.ts';
import { shopware } from '../../shopware-app/connector.ts';
import { type Life, life } from './mortal.ts';
import type { World } from './world.ts';

export interface WorkerProcess {
  readonly engine: Engine;
  /** Carries out what is due, and what that makes due at once. */
  work(): Promise<void>;
  /** Whoever is not stopped carries out what the next test of the file does. */
  stop(): Promise<void>;
}

export interface WorkerProcessOptions {
  readonly name: string;
  /** What the server seals with. */
  readonly encryptionKeys: string;
  /** Where it finds the systems beside shop and till. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How far its clock is ahead, in milliseconds. */
  readonly aheadMs?: () => number;
  readonly life?: Life;
}

/** For the server's ENCRYPTION_KEYS and for its workers. */
export const newEncryptionKeys = (): string => `k:${randomBytes(32).toString('base64')}`;

export function workerProcess(world: World, database: Database, options: WorkerProcessOptions): WorkerProcess {
  const { aheadMs = () => 0, life: present = life() } = options;
  const vault = createVault(parseEncryptionKeys(options.encryptionKeys));
  const named = (name: string): Connector => connectorNamed(name, { ...options.environment, ...world.shop.environment() });
  const secretsOf = (of: string): Set<string> => new Set(secretFieldsOf(named(of).settings));
  const engine: Engine = {
    ledger: present.of('ledger', createLedger(database)),
    journal: present.of('journal', createAttempts(database)),
    flows: present.of('flows', createFlows(database)),
    connections: present.of('connections', createConnections(database, { vault, secretsOf })),
    sessions: sessions(named, present),
    imports: createImports(database),
    clock: { now: () => new Date(Date.now() + aheadMs()) },
    worker: options.name,
    leaseMs: 120_000,
    wake: () => worker.wake(),
    log: { info: () => undefined, warn: () => undefined, error: (_facts, message) => world.log.push(`error ${message}`) },
  };
  const worker = createWorker(engine);
  return {
    engine,
    async work() {
      worker.wake();
      await worker.idle();
    },
    stop: () => worker.stop(),
  };
}

export async function flowOf(database: Database, id: string): Promise<Flow> {
  const found = await createFlows(database).get(id);
  if (found === undefined) throw new Error(`there is no flow ${id}`);
  return found;
}

/** Opened once per connection, as the server does; each request is a point at which one can die. */
function sessions(named: (name: string) => Connector, present: Life): Sessions {
  const opened = new Map<string, ReturnType<Sessions['open']>>();
  const mortal =
    (send: Send): Send =>
    (request) => {
      const label = request.label ?? request.method;
      return (present.of('session', { [label]: send })[label] ?? send)(request);
    };
  return {
    open(connection) {
      const known = opened.get(connection.id);
      if (known) return known;
      const connector = named(connection.connector);
      const send = createExchange({ system: connector.title, budget: createBudget(connector.limits), allowPrivateHosts: true });
      const fresh = { connector, session: connector.open(connection.settings, { send: mortal(send), now: () => new Date() }) };
      opened.set(connection.id, fresh);
      return fresh;
    },
  };
}

function connectorNamed(name: string, environment: Readonly<Record<string, string>>): Connector {
  const { MAILCHIMP_API_BASE_URL: mailchimp, ECWID_API_BASE_URL: ecwid } = environment;
  const { LIGHTSPEED_ECOM_API_BASE_URL: ecom, LIGHTSPEED_RETAIL_API_BASE_URL: retail } = environment;
  const { LIGHTSPEED_RETAIL_SEARCH_LAG_MS: lag } = environment;
  const { LIGHTSPEED_CLIENT_ID: clientId, LIGHTSPEED_CLIENT_SECRET: clientSecret } = environment;
  const connectors = [
    shopware,
    ecwidConnector(present({ apiBaseUrl: ecwid })),
    mpluskassa,
    mailchimpConnector(present({ apiBaseUrl: mailchimp })),
    lightspeedConnector({
      ...present({ ecomApiBaseUrl: ecom, retailApiBaseUrl: retail, clientId, clientSecret }),
      ...(lag !== undefined && { retailSearchLagMs: Number(lag) }),
    }),
  ] as Connector[];
  const found = connectors.find((connector) => connector.name === name);
  if (found === undefined) throw new Error(`no connector is called ${name}`);
  return found;
}

const present = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
