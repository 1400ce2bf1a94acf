/** Imports and previews: one document per flow and phase; starting again starts it anew. */
import type { Collection } from 'mongodb';
import { type ImportRun, type Imports, untallied } from '../engine/import.ts';
import type { Tenant } from '../engine/model.ts';
import type { QuietImports } from '../engine/ports.ts';
import { type Database, defineCollection, newId } from './database.ts';

const never = new Date(0);

interface ImportDocument extends Omit<ImportRun, 'id'> {
  readonly _id: string;
  /** Changes with every start and every lease: whoever holds an older one has nothing to say any more. */
  readonly token: string;
  readonly leaseUntil: Date;
  /** The target rests as long as this stands. */
  readonly quiet?: true;
}

export const importCollection = defineCollection<ImportDocument>({
  name: 'imports',
  fields: {},
  indexes: [
    { keys: { flow: 1, phase: 1 }, unique: true },
    { keys: { state: 1, leaseUntil: 1 } },
    { keys: { quiet: 1 }, partialFilterExpression: { quiet: true } },
  ],
});

export interface StoredImports extends Imports, QuietImports {
  list(tenant: Tenant, flow: string): Promise<ImportRun[]>;
  pause(tenant: Tenant, flow: string, phase: ImportRun['phase']): Promise<boolean>;
  resume(tenant: Tenant, flow: string, phase: ImportRun['phase']): Promise<boolean>;
}

export function createImports(database: Database): StoredImports {
  const imports = database.model(importCollection).collection as unknown as Collection<ImportDocument>;
  /** The lease under which this process works on a run. */
  const tokens = new WeakMap<ImportRun, string>();

  return {
    async list(tenant, flow) {
      return (await imports.find({ tenant, flow }).sort({ phase: 1 }).toArray()).map(runOf);
    },
    async start({ id, tenant }, phase, at) {
      const fresh = {
        tenant,
        state: 'running' as const,
        seen: 0,
        tally: untallied,
        problems: [],
        startedAt: at,
        token: newId(),
        leaseUntil: never,
      };
      const document = await imports.findOneAndUpdate(
        { flow: id, phase },
        { $set: fresh, $unset: { cursor: 1, endedAt: 1, cause: 1, audit: 1 }, $setOnInsert: { _id: newId() } },
        { upsert: true, returnDocument: 'after' },
      );
      if (document === null) throw new Error(`The import of ${id} was not stored.`);
      return runOf(document);
    },
    async pause(tenant, flow, phase) {
      const result = await imports.updateOne({ tenant, flow, phase, state: 'running' }, { $set: { state: 'paused', token: newId() } });
      return result.matchedCount === 1;
    },
    async resume(tenant, flow, phase) {
      const paused = { tenant, flow, phase, state: { $in: ['paused' as const, 'failed' as const] } };
      const result = await imports.updateOne(paused, {
        $set: { state: 'running', token: newId(), leaseUntil: never },
        $unset: { cause: 1, endedAt: 1 },
      });
      return result.matchedCount === 1;
    },
    async hush({ id }) {
      await imports.updateOne({ _id: id }, { $set: { quiet: true } });
    },
    async hushed() {
      return (await imports.find({ quiet: true }).toArray()).map(runOf);
    },
    async unhush({ id, startedAt }) {
      await imports.updateOne({ _id: id, startedAt }, { $unset: { quiet: 1 } });
    },
    async claim(now, leaseMs) {
      const token = newId();
      const document = await imports.findOneAndUpdate(
        { state: 'running', leaseUntil: { $lte: now } },
        { $set: { token, leaseUntil: new Date(now.getTime() + leaseMs) } },
        { sort: { leaseUntil: 1 }, returnDocument: 'after' },
      );
      if (document === null) return undefined;
      const run = runOf(document);
      tokens.set(run, token);
      return run;
    },
    async progress(claimed, next) {
      const { at, audit, cause, cursor, seen, tally, problems, state } = next;
      const token = tokens.get(claimed) ?? 'none';
      const ended = state === 'done' || state === 'failed';
      const result = await imports.updateOne(
        { flow: claimed.flow, phase: claimed.phase, token },
        {
          $set: {
            seen,
            tally,
            problems,
            state,
            leaseUntil: state === 'running' ? new Date(at.getTime() + progressLeaseMs) : never,
            ...(cursor !== undefined && { cursor }),
            ...(cause && { cause }),
            ...(audit && { audit }),
            ...(ended && { endedAt: at }),
          },
        },
      );
      return result.matchedCount === 1;
    },
  };
}

/** Between two pieces; after that another worker goes on from the stored cursor. */
const progressLeaseMs = 60_000;

function runOf({ _id, token: _token, leaseUntil: _lease, quiet: _quiet, ...run }: ImportDocument): ImportRun {
  return { id: _id, ...run };
}
