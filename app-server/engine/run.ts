/** What a batch needs in its hands: the flow with both ends open. */
import type { Connector, KindReading, KindWriting, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { Connection, Flow } from './model.ts';
import type { Clock, Connections, Flows, Journal, Ledger, QuietImports, Sessions } from './ports.ts';

export interface Engine {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly flows: Flows;
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly imports: QuietImports;
  readonly clock: Clock;
  /** Names this process in leases and timelines. */
  readonly worker: string;
  readonly leaseMs: number;
  /** There is news of our own making. */
  wake(): void;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
    error(facts: object, message: string): void;
  };
}

export interface End {
  readonly connection: Connection;
  readonly connector: Connector;
  readonly session: Session;
}

export interface Run {
  readonly flow: Flow;
  readonly source: End;
  readonly target: End;
  readonly reading: KindReading;
  readonly writing: KindWriting;
}

/** `undefined`: a connection is missing or paused, nothing may be sent now. */
export async function openRun(engine: Pick<Engine, 'connections' | 'sessions'>, flow: Flow): Promise<Run | undefined> {
  const [source, target] = await Promise.all([openEnd(engine, flow, flow.source), openEnd(engine, flow, flow.target)]);
  if (source === undefined || target === undefined) return undefined;
  const reading = source.connector.reads[flow.kind];
  const writing = target.connector.writes[flow.kind];
  if (reading === undefined || writing === undefined) {
    throw new Failure({
      remedy: 'fix-connection',
      code: 'flow.impossible',
      message: `${source.connector.title} cannot feed ${target.connector.title} with records of kind ${flow.kind}.`,
      params: { kind: flow.kind },
    });
  }
  return { flow, source, target, reading, writing };
}

async function openEnd(engine: Pick<Engine, 'connections' | 'sessions'>, flow: Flow, id: string): Promise<End | undefined> {
  const connection = await engine.connections.get(flow.tenant, id);
  if (connection === undefined || connection.state === 'paused') return undefined;
  return { connection, ...engine.sessions.open(connection) };
}
