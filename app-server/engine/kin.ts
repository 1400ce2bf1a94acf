/** What other records of the same entity (the same customer) left in the target. Asked only where the target may hide what was just made. */
import type { Entry } from './model.ts';
import type { Kin } from './ports.ts';
import type { Engine, Run } from './run.ts';

const nobody: Kin = { intents: [] };

export const hiddenMsOf = ({ flow, target }: Run): number => target.session.hiddenMs?.(flow.kind) ?? 0;

/** Names an entity in the ledger: records with the same key are written one after another. */
export const entityOf = ({ target }: Run, { lockKey }: { readonly lockKey?: string }): string | undefined =>
  lockKey === undefined ? undefined : `${target.connection.id}:${lockKey}`;

export async function kinOf(engine: Pick<Engine, 'ledger'>, run: Run, of: { entry: Entry | undefined; lockKey?: string }): Promise<Kin> {
  const key = entityOf(run, of);
  return key === undefined || hiddenMsOf(run) === 0 ? nobody : engine.ledger.kin(of.entry, key);
}
