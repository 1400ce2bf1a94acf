/** Connections of a tenant to its systems. Secret settings are sealed; every query is bound to the tenant. */
import type { CheckReport } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { Cause, Connection, Tenant } from '../engine/model.ts';
import type { Connections } from '../engine/ports.ts';
import type { ConnectionBook } from '../http/ports.ts';
import { type Database, defineCollection, isDuplicate, newId } from './database.ts';
import { place, type Vault } from './vault.ts';

interface ConnectionDocument {
  _id: string;
  tenant: Tenant;
  connector: string;
  title: string;
  state: Connection['state'];
  cause?: Cause;
  settings: Record<string, unknown>;
  /** Names of the settings whose value is sealed. */
  sealed: string[];
  report?: CheckReport & { at: Date };
  version: number;
  /** Somebody replaces settings that the system changes by itself; lapses when that process died. */
  renewing?: Date;
}

export const connectionCollection = defineCollection<ConnectionDocument>({
  name: 'connections',
  fields: {
    _id: String,
    tenant: { type: String, required: true },
    connector: { type: String, required: true },
    title: { type: String, required: true },
    state: { type: String, required: true },
    cause: Object,
    settings: { type: Object, required: true },
    sealed: { type: [String], required: true },
    report: Object,
    version: { type: Number, required: true },
    renewing: Date,
  },
  indexes: [{ keys: { tenant: 1, connector: 1 }, unique: true }],
});

interface GivenSettings {
  readonly connector: string;
  readonly title: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** It is stored switched off. */
  readonly pausedBy?: Cause;
}

const stateOf = ({ pausedBy }: GivenSettings): Pick<ConnectionDocument, 'state' | 'cause'> =>
  pausedBy === undefined ? { state: 'unchecked' } : { state: 'paused', cause: pausedBy };

type Settings = Readonly<Record<string, unknown>>;

/** Longer than any call may take, so that nobody else begins while the answer may still come. */
const renewalMs = 60_000;
/** How long others wait for the one who is at it. */
const patienceMs = 20_000;
const lookAgainMs = 100;

/** The engine's and the screens' view of connections in one, plus what installation and removal need. */
export interface StoredConnections extends Connections, ConnectionBook {
  find(tenant: Tenant, connector: string): Promise<Connection | undefined>;
  save(tenant: Tenant, given: GivenSettings): Promise<Connection>;
  /** Lifts a pause; the connection is `unchecked` until it is tested. */
  resume(tenant: Tenant, id: string): Promise<boolean>;
  remove(tenant: Tenant, id: string): Promise<boolean>;
  /**
   * Runs `work` with the settings as they are stored now, for one caller at a time over all processes, and lays what it answers over them.
   * The version stays: open sessions go on. Answers the settings that stand then. Throws Failure `connection.renewing` (wait) while another is at
   * it for too long.
   */
  renew(connection: Pick<Connection, 'id' | 'tenant'>, work: (stored: Settings) => Promise<Settings | undefined>): Promise<Settings>;
}

/**
 * @param options.vault seals
 * @param options.secretsOf which settings of a connector are sealed: the fields that its schema marks secret. Their values are texts.
 */
export function createConnections(
  database: Database,
  options: { vault: Vault; secretsOf(connector: string): ReadonlySet<string> },
): StoredConnections {
  const { vault, secretsOf } = options;
  const model = database.model(connectionCollection);

  const opened = (document: ConnectionDocument): Connection => {
    const settings = { ...document.settings };
    for (const field of document.sealed) settings[field] = vault.open(String(settings[field]), place('connections', document._id, field));
    return {
      id: document._id,
      tenant: document.tenant,
      connector: document.connector,
      title: document.title,
      state: document.state,
      ...(document.cause && { cause: document.cause }),
      settings,
      ...(document.report && { report: document.report }),
      version: document.version,
    };
  };

  const sealedSettings = (id: string, given: GivenSettings): Pick<ConnectionDocument, 'settings' | 'sealed'> => {
    const settings: Record<string, unknown> = { ...given.settings };
    const sealed = [...secretsOf(given.connector)].filter((field) => settings[field] !== undefined && settings[field] !== '');
    for (const field of sealed) {
      if (typeof settings[field] !== 'string') throw new Error(`The secret setting ${field} of ${given.connector} is not a text.`);
      settings[field] = vault.seal(settings[field], place('connections', id, field));
    }
    return { settings, sealed };
  };

  const update = async (id: string, given: GivenSettings): Promise<Connection | undefined> => {
    const document = await model
      .findOneAndUpdate(
        { _id: id },
        {
          $set: { title: given.title, ...stateOf(given), ...sealedSettings(id, given) },
          $unset: { report: 1, ...(given.pausedBy === undefined && { cause: 1 as const }) },
          $inc: { version: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<ConnectionDocument>();
    return document ? opened(document) : undefined;
  };

  const insert = async (tenant: Tenant, given: GivenSettings): Promise<Connection | undefined> => {
    const id = newId();
    const document: ConnectionDocument = {
      _id: id,
      tenant,
      connector: given.connector,
      title: given.title,
      ...stateOf(given),
      ...sealedSettings(id, given),
      version: 1,
    };
    try {
      await model.create(document);
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
    return opened(document);
  };

  /** Waits for its turn. */
  const turn = async (id: string, tenant: Tenant): Promise<ConnectionDocument> => {
    const givesUpAt = Date.now() + patienceMs;
    for (;;) {
      const now = Date.now();
      const document = await model
        .findOneAndUpdate(
          { _id: id, tenant, $or: [{ renewing: { $exists: false } }, { renewing: { $lt: new Date(now) } }] },
          { $set: { renewing: new Date(now + renewalMs) } },
          { returnDocument: 'after' },
        )
        .lean<ConnectionDocument>();
      if (document) return document;
      if (now > givesUpAt) throw renewing();
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  };

  const pause = async (connection: Connection, cause: Cause): Promise<void> => {
    const { id, tenant, version } = connection;
    await model.updateOne({ _id: id, tenant, version }, { $set: { state: 'paused', cause } });
  };

  return {
    async get(tenant, id) {
      const document = await model.findOne({ _id: id, tenant }).lean<ConnectionDocument>();
      return document ? opened(document) : undefined;
    },
    async find(tenant, connector) {
      const document = await model.findOne({ tenant, connector }).lean<ConnectionDocument>();
      return document ? opened(document) : undefined;
    },
    async list(tenant) {
      const documents = await model.find({ tenant }).sort({ _id: 1 }).lean<ConnectionDocument[]>();
      return documents.map(opened);
    },
    async save(tenant, given) {
      // The secrets are sealed for the document's id, so the id is needed first; somebody else may create or remove it in between.
      for (let tries = 0; tries < 5; tries++) {
        const found = await model.findOne({ tenant, connector: given.connector }, { _id: 1 }).lean<{ _id: string }>();
        const saved = found ? await update(found._id, given) : await insert(tenant, given);
        if (saved) return saved;
      }
      throw new Error(`The connection ${given.connector} of ${tenant} keeps changing; it was not saved.`);
    },
    async setReport(connection, report) {
      const { id, tenant, version } = connection;
      await model.updateOne({ _id: id, tenant, version }, { $set: { state: 'ok', report }, $unset: { cause: 1 } });
    },
    refuse: pause,
    pause,
    async renew({ id, tenant }, work) {
      const document = await turn(id, tenant);
      const { version, connector, title, renewing: until = new Date(0) } = document;
      const { settings } = opened(document);
      try {
        const change = await work(settings);
        if (change === undefined) return settings;
        const renewed = { ...settings, ...change };
        // Somebody who entered other credentials meanwhile has the last word.
        await model.updateOne({ _id: id, tenant, version }, { $set: sealedSettings(id, { connector, title, settings: renewed }) });
        return renewed;
      } finally {
        await model.updateOne({ _id: id, tenant, renewing: until }, { $unset: { renewing: 1 } });
      }
    },
    async resume(tenant, id) {
      const result = await model.updateOne({ _id: id, tenant, state: 'paused' }, { $set: { state: 'unchecked' }, $unset: { cause: 1 } });
      return result.matchedCount > 0;
    },
    async remove(tenant, id) {
      const result = await model.deleteOne({ _id: id, tenant });
      return result.deletedCount > 0;
    },
  };
}

const renewing = (): Failure =>
  new Failure({
    remedy: 'wait',
    code: 'connection.renewing',
    message: 'The access of this connection is being renewed; it goes on in a moment.',
  });
