/** How a record ends after its target was looked at or written to. Pure. */
import type { Kind } from '../../connectors/commerce.ts';
import type { Outcome, Plan, TargetReference } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { masked, subjectOf } from '../../connectors/redaction.ts';
import type { Entry, KeptField } from './model.ts';
import type { Settlement } from './ports.ts';

interface Carried {
  readonly entry: Entry;
  readonly plan: Plan;
  readonly outcome?: Outcome;
}

/** Nothing to write is not always the same: already so, somebody else's, or not for this target. */
export function verdictOn({ plan, outcome, entry }: Carried): Pick<Settlement, 'state' | 'reason'> {
  if (outcome !== undefined) return { state: 'done' };
  const reason = plan.steps.findLast((step) => step.reason !== undefined)?.reason;
  if (reason === 'unchanged') return { state: 'done', reason };
  const ours = entry.intent !== undefined || entry.target !== undefined;
  if (plan.target !== undefined && ours) return { state: 'done' };
  return { state: 'skipped', reason: plan.target === undefined ? (reason ?? 'exists') : 'exists' };
}

/** Of people the ledger keeps no values: which field it is says enough to decide. */
export function keptFields(plan: Plan, kind: Kind): KeptField[] {
  const shown = (value: unknown): unknown => (subjectOf(kind) === 'people' && value !== undefined ? masked : value);
  return plan.steps
    .flatMap(({ changes }) => changes)
    .flatMap(({ field, before, after, kept }) =>
      kept ? [{ field, wanted: shown(after), ours: shown(kept.ours), found: shown(before) }] : [],
    );
}

export function targetOf(item: Carried): TargetReference | undefined {
  return item.outcome?.target ?? item.plan.target;
}

export function knownOf(item: Carried): Pick<Settlement, 'target' | 'written'> {
  const target = targetOf(item);
  const values = item.outcome?.values ?? item.plan.values;
  return { ...(target && { target }), ...(values && { written: { ...item.entry.written, ...values } }) };
}

export const vanishedOrder = ({ target }: Entry, title: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'target.order-gone',
    message: `${title} had this order as ${target?.number ?? target?.id} and does not find it any more. Nothing is created a second time; look at it there.`,
    params: { order: target?.number ?? target?.id ?? '' },
  });

export const vanished = (): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'verify.not-found',
    message: 'What was written cannot be read back. It is looked for again.',
    ambiguous: true,
  });
