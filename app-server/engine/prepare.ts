/** From a canonical record to a draft: gate and map, the pure middle that the live run and the dry run share. */
import { createHash } from 'node:crypto';
import type { Order } from '../../connectors/commerce.ts';
import type { Draft, KindWriting } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { FiredRule } from '../../connectors/mapping.ts';
import { digestOf } from '../mapping/digest.ts';
import { mapRecord } from '../mapping/map-record.ts';
import { type GateReason, gate } from './gate.ts';
import type { Flow, Tenant } from './model.ts';

export interface RecordFacts {
  readonly number?: string;
  readonly money?: { readonly currency: string; readonly totalMinor: number; readonly paidMinor: number };
}

export interface Prepared {
  readonly draft: Draft;
  readonly digest: string;
  readonly fired: readonly FiredRule[];
  readonly lockKey?: string;
}

/**
 * Our name for a record in the target: the same in every retry, on every worker and after a re-installation of the same shop,
 * different for two shops that share a till and a numbering.
 */
export function referenceOf(tenant: Tenant, kind: string, sourceId: string): string {
  return `tb-${createHash('sha256').update(`${tenant}/${kind}/${sourceId}`).digest('hex').slice(0, 29)}`;
}

export function factsOf(flow: Pick<Flow, 'kind'>, record: unknown): RecordFacts {
  if (flow.kind !== 'order') return {};
  const { number, currency, totalMinor, paidMinor } = record as Order;
  return { number, money: { currency, totalMinor, paidMinor } };
}

/** Throws Failure fix-data when a rule finds no value or the draft is not what the target accepts. */
export function prepare(
  flow: Flow,
  record: unknown,
  how: { writing: KindWriting; sourceId: string; revision: number },
): Prepared | GateReason {
  const stopped = gate(flow, record);
  if (stopped !== undefined) return stopped;
  const reference = referenceOf(flow.tenant, flow.kind, how.sourceId);
  const { fields, fired } = mapRecord({
    rules: how.writing.rules,
    record: { ...(record as object), reference },
    values: flow.settings.values,
    tables: flow.settings.tables,
  });
  const parsed = how.writing.draft.safeParse(fields);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new Failure({
      remedy: 'fix-data',
      code: 'mapping.value-unusable',
      message: `The value for ${field} cannot be used: ${issue?.message ?? 'invalid'}. Correct it in the shop or in the settings.`,
      params: { field, value: issue?.message ?? '' },
    });
  }
  const lockKey = (parsed.data as { lockKey?: unknown }).lockKey;
  return {
    draft: { id: how.sourceId, reference, revision: how.revision, fields: parsed.data },
    digest: digestOf(parsed.data),
    fired,
    ...(typeof lockKey === 'string' && { lockKey }),
  };
}
