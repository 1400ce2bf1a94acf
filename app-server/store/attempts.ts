/** The story of every attempt, kept 30 days. Personal data is masked before it is stored: nothing here has to be hidden later. */
import type { Collection } from 'mongodb';
import type { Kind } from '../../connectors/commerce.ts';
import type { FieldChange, PlanStep } from '../../connectors/connector.ts';
import { createRedactor, isPersonalField, subjectOf } from '../../connectors/redaction.ts';
import type { Attempt } from '../engine/attempt.ts';
import type { Tenant } from '../engine/model.ts';
import type { Journal } from '../engine/ports.ts';
import { type Database, defineCollection, isDuplicate, newId } from './database.ts';
import { gather } from './gather.ts';

const keptSeconds = 30 * 24 * 3600;
/** They are tens of kilobytes each. */
const mostAtOnce = 20;
const mask = '•••';
const redact = createRedactor([]);

export interface AttemptDocument extends Attempt {
  readonly _id: string;
  readonly tenant: string;
  readonly entry: string;
}

export const attemptCollection = defineCollection<AttemptDocument>({
  name: 'attempts',
  fields: {},
  indexes: [{ keys: { entry: 1, at: -1 } }, { keys: { tenant: 1 } }, { keys: { at: 1 }, expireAfterSeconds: keptSeconds }],
});

export interface Attempts extends Journal {
  /** Newest first, at most 50. */
  list(tenant: Tenant, entry: string): Promise<Attempt[]>;
}

export function createAttempts(database: Database): Attempts {
  const attempts = database.model(attemptCollection).collection as unknown as Collection<AttemptDocument>;
  const insert = gather(
    async (documents: readonly AttemptDocument[]): Promise<readonly (undefined | Error)[]> => {
      try {
        await attempts.insertMany([...documents], { ordered: false });
        return [];
      } catch (error) {
        if (documents.length === 1) throw error;
        // The trouble of one is not that of its neighbours, and some may be there.
        return Promise.all(documents.map(insertedAlone));
      }
    },
    { most: mostAtOnce, restMs: 5 },
  );

  async function insertedAlone(document: AttemptDocument): Promise<undefined | Error> {
    try {
      await attempts.insertOne(document);
    } catch (error) {
      if (!isDuplicate(error)) return error instanceof Error ? error : new Error(String(error));
    }
    return undefined;
  }

  return {
    write: (entry, attempt) =>
      insert({ _id: newId(), tenant: entry.tenant, entry: entry.id, ...attempt, steps: maskedSteps(attempt.steps, entry.kind) }),
    async list(tenant, entry) {
      const documents = await attempts.find({ tenant, entry }).sort({ at: -1 }).limit(50).toArray();
      return documents.map(({ _id, tenant: _tenant, entry: _entry, ...attempt }) => attempt);
    },
  };
}

/** Steps as they may be stored and shown: structure, numbers and amounts stay, names and addresses go. */
function maskedSteps(steps: readonly PlanStep[], kind: Kind): readonly PlanStep[] {
  if (subjectOf(kind) === 'things') return steps;
  return steps.map((step) => ({
    ...step,
    changes: step.changes.map(maskedChange),
    ...(step.request && { request: { ...step.request, body: redact(step.request.body) } }),
  }));
}

function maskedChange(change: FieldChange): FieldChange {
  return {
    field: change.field,
    ...('before' in change && { before: masked(change.before, change.field) }),
    ...('after' in change && { after: masked(change.after, change.field) }),
    ...(change.kept && { kept: { ours: masked(change.kept.ours, change.field) } }),
  };
}

function masked(value: unknown, field: string): unknown {
  if (value === undefined || value === null || value === '') return value;
  if (typeof value === 'object') return JSON.parse(redact(JSON.stringify(value))) as unknown;
  return isPersonalField(field) ? mask : value;
}
