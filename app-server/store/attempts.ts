/** The story of every attempt, kept 30 days. Personal data is masked before it is stored: nothing here has to be hidden later. */
import type { Collection } from 'mongodb';
import type { Kind } from '../../connectors/commerce.ts';
import type { FieldChange, PlanStep } from '../../connectors/connector.ts';
import { createRedactor, isPersonalField, subjectOf } from '../../connectors/redaction.ts';
import type { Attempt } from '../engine/attempt.ts';
import type { Tenant } from '../engine/model.ts';
import type { Journal } from '../engine/ports.ts';
import { type Database, defineCollection, newId } from './database.ts';

const keptSeconds = 30 * 24 * 3600;
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
  return {
    async write(entry, attempt) {
      await attempts.insertOne({
        _id: newId(),
        tenant: entry.tenant,
        entry: entry.id,
        ...attempt,
        steps: maskedSteps(attempt.steps, entry.kind),
      });
    },
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
