/** Erasing a person by e-mail address in every connected system that can, with a receipt of what was there. */
import { conversation } from '../../connectors/exchange.ts';
import { failureOf } from '../../connectors/failure.ts';
import { causeOf } from './cause.ts';
import type { Cause, Connection } from './model.ts';
import type { Engine } from './run.ts';

/** What became of the person in one system. The address itself is kept nowhere. */
export interface ErasedThere {
  readonly connector: string;
  readonly title: string;
  /** What was there and is gone, in the system's words. Empty: the person was not known there. */
  readonly gone: readonly string[];
  /** It could not be erased now: try again. */
  readonly cause?: Cause;
}

/** Safe to repeat: who is gone is not found a second time. One system that is away does not keep the others. */
export function erasePerson(engine: Pick<Engine, 'sessions'>, connections: readonly Connection[], email: string): Promise<ErasedThere[]> {
  const erasing = connections.map(async (connection): Promise<ErasedThere[]> => {
    const { connector, title } = connection;
    try {
      const { session } = engine.sessions.open(connection);
      if (session.erase === undefined) return [];
      return [{ connector, title, gone: (await session.erase(email)).gone }];
    } catch (error) {
      return [{ connector, title, gone: [], cause: causeOf(failureOf(error)) }];
    }
  });
  // A person waits for this: it goes before bulk work.
  return conversation.run({ priority: 2 }, async () => (await Promise.all(erasing)).flat());
}
