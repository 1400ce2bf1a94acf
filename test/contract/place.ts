/** What the contract suite of connectors needs of a system: a simulator that stands, credentials, and ways to make it fail. */
import type { Kind } from '../../connectors/commerce.ts';
import type { Connector, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import type { Faults } from '../simulators/shared/faulty-server.ts';

export interface Trouble {
  /** The n-th request from now is carried out and its answer lost. */
  loseAnswer(nth: number): void;
  /** The n-th request from now is answered with something that cannot be read. */
  garble(nth: number): void;
  away(): Promise<void>;
  /** Absent: the system never says that it is asked too much. */
  throttle?(): void;
  /** All is well again. */
  end(): Promise<void>;
}

export interface Place {
  readonly connector: Connector;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Credentials that are not, or no longer, accepted. */
  readonly dead: Readonly<Record<string, unknown>>;
  readonly trouble: Trouble;
  /** Requests so far that change something there. */
  writes(): number;
  /** How many of the n-th record of its kind there are; see canonical-records.ts. */
  count(kind: Kind, n: number): number;
  /** What a record refers to, where the system takes it for granted; and a record to read, where it has none from the start. */
  lay?(kind: Kind, n: number): void | Promise<void>;
  unexpected(): readonly string[];
  stop(): Promise<void>;
}

export interface Site {
  readonly name: string;
  start(): Promise<Place>;
  /** Settings of flows into it that nothing suggests. */
  readonly values?: Partial<Record<Kind, Readonly<Record<string, unknown>>>>;
  /** Kinds that the connector declares and this product of the system refuses, with the code. */
  readonly refuses?: Partial<Record<Kind, string>>;
  /** Lists about its orders that it cannot have. */
  readonly lacks?: readonly string[];
  /** Ids that nobody has, where one is not told by its shape. */
  readonly unknown?: Partial<Record<Kind, string>>;
}

/** As another worker process would open it: nothing is remembered. */
export function openSession({ connector, settings }: Pick<Place, 'connector' | 'settings'>): Session {
  const send = createExchange({ system: connector.title, budget: createBudget(connector.limits), allowPrivateHosts: true });
  return connector.open(connector.settings.parse(settings), { send, now: () => new Date() });
}

export function httpTrouble(faults: Faults): Trouble {
  return {
    loseAnswer: (nth) => void faults.add({ kind: 'lose-answer', after: nth - 1, times: 1 }),
    garble: (nth) => void faults.add({ kind: 'status', status: 200, body: '{"half":', after: nth - 1, times: 1 }),
    async away() {
      faults.add({ kind: 'drop' });
    },
    throttle: () => void faults.add({ kind: 'throttle', retryAfterSeconds: 2 }),
    async end() {
      faults.clear();
    },
  };
}
