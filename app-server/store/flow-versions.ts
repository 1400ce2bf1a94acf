/** Every version of a flow's settings that was ever in force: what the timeline and the way back refer to. */
import type { Flow, FlowSettings, Tenant } from '../engine/model.ts';
import type { FlowVersion } from '../http/ports.ts';
import { type Database, defineCollection, isDuplicate } from './database.ts';

interface FlowVersionDocument {
  /** `<flow>/<version>` */
  _id: string;
  tenant: Tenant;
  flow: string;
  version: number;
  at: Date;
  /** Who saved it, as the shop names the user. */
  by: string;
  settings: FlowSettings;
}

export const flowVersionCollection = defineCollection<FlowVersionDocument>({
  name: 'flow-versions',
  fields: {
    _id: String,
    tenant: { type: String, required: true },
    flow: { type: String, required: true },
    version: { type: Number, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    settings: { type: Object, required: true },
  },
  indexes: [{ keys: { flow: 1, version: -1 }, unique: true }, { keys: { tenant: 1 } }],
});

export interface FlowVersions {
  /** Keeps the flow's present settings. A version that is kept already stays as it is. */
  keep(flow: Flow, saved: { at: Date; by: string }): Promise<void>;
  /** Newest first. */
  list(tenant: Tenant, flow: string): Promise<readonly FlowVersion[]>;
}

/** As many as anybody looks back; older ones stay stored. */
const listed = 200;

export function createFlowVersions(database: Database): FlowVersions {
  const model = database.model(flowVersionCollection);
  return {
    async keep(flow, saved) {
      const document: FlowVersionDocument = {
        _id: `${flow.id}/${flow.settingsVersion}`,
        tenant: flow.tenant,
        flow: flow.id,
        version: flow.settingsVersion,
        ...saved,
        settings: flow.settings,
      };
      try {
        await model.create(document);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    },
    async list(tenant, flow) {
      const documents = await model
        .find({ flow, tenant }, { _id: 0, tenant: 0, flow: 0 })
        .sort({ version: -1 })
        .limit(listed)
        .lean<FlowVersion[]>();
      return documents;
    },
  };
}
