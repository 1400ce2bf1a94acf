/** One flow with everything its screen needs. */
import type { Connector, KindWriting } from '../../../connectors/connector.ts';
import type { Connection, Flow, FlowSettings } from '../../engine/model.ts';
import type * as api from '../api.ts';
import { formOf } from '../forms.ts';
import type { ApiPorts } from '../ports.ts';
import { presentCause } from '../present.ts';

/** Both ends of a flow; `undefined` when a connection or its connector is gone. */
export interface FlowEnds {
  readonly source: Connection;
  readonly target: Connection;
  readonly writing: KindWriting;
}

export function endsOf(
  flow: Pick<Flow, 'kind' | 'source' | 'target'>,
  connections: readonly Connection[],
  connectors: readonly Connector[],
): FlowEnds | undefined {
  const source = connections.find(({ id }) => id === flow.source);
  const target = connections.find(({ id }) => id === flow.target);
  const reader = connectors.find(({ name }) => name === source?.connector);
  const writing = connectors.find(({ name }) => name === target?.connector)?.writes[flow.kind];
  return source && target && writing && reader?.reads[flow.kind] ? { source, target, writing } : undefined;
}

export async function flowView({ records }: Pick<ApiPorts, 'records'>, flow: Flow, ends: FlowEnds): Promise<api.Flow> {
  const [counts, parkedBy] = await Promise.all([records.counts(flow.tenant, flow.id), records.parkedBy(flow.tenant, flow.id)]);
  const held = heldBy(flow, ends);
  return {
    id: flow.id,
    kind: flow.kind,
    source: endOf(ends.source),
    target: endOf(ends.target),
    on: flow.on,
    history: withHistory(flow, ends),
    ...(held && { held }),
    ...(flow.from && { from: flow.from.toISOString() }),
    settings: presentSettings(flow.settings),
    settingsVersion: flow.settingsVersion,
    form: [...formOf(ends.writing.settings)],
    tables: ends.writing.tables.map(({ name, title, help, source, target }) => ({
      name,
      title,
      ...(help && { help }),
      source,
      ...(target !== undefined && { target }),
    })),
    counts: {
      received: counts.received,
      done: counts.done,
      skipped: counts.skipped,
      parked: counts.parked,
      waiting: counts.waiting,
    },
    ...(flow.lastNoticeAt && { lastNoticeAt: flow.lastNoticeAt.toISOString() }),
    ...(flow.lastPollAt && { lastPollAt: flow.lastPollAt.toISOString() }),
    parkedBy: parkedBy.map(({ cause, count }) => ({ cause: presentCause(cause), count })),
  };
}

export function presentSettings({ values, tables }: FlowSettings): api.FlowSettings {
  const rows = Object.entries(tables).map(([name, list]) => [name, list.map(({ from, to }) => ({ from, to }))] as const);
  return { values: { ...values }, tables: Object.fromEntries(rows) };
}

/** Orders are new business; only a target that follows what becomes of them is brought what was before. */
function withHistory({ kind }: Flow, { writing }: FlowEnds): boolean {
  return kind === 'order' ? writing.follows === true : kind !== 'consent' && kind !== 'cart';
}

/** Refused credentials of either end hold the flow as much as an outage does. */
function heldBy(flow: Flow, { source, target }: FlowEnds): api.Flow['held'] {
  const refused = [source, target].find(({ state, cause }) => state === 'paused' && cause);
  if (refused?.cause) return { cause: presentCause(refused.cause) };
  if (!flow.hold) return undefined;
  return { ...(flow.hold.until && { until: flow.hold.until.toISOString() }), cause: presentCause(flow.hold.cause) };
}

const endOf = ({ id, connector, title }: Connection) => ({ connection: id, connector, title });
