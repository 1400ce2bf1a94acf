/** Holds a stock flow when too much falls to zero at once: a till that answers wrongly must not empty a shop. */
import type { Plan } from '../../connectors/connector.ts';
import type { Cause, Flow } from './model.ts';
import type { Engine } from './run.ts';

/** So few articles may always sell out together. */
const alwaysAllowed = 5;
/** What falls within this time fell together, whichever worker and whichever poll it was. */
const togetherMs = 15 * 60_000;
/** After somebody said "publish anyway" the brake lets through for this long. */
const letThroughMs = 30 * 60_000;

/** Plans that take an article from some to none. */
export function zeroedBy(plans: readonly Plan[]): number {
  const falls = plans.filter(({ steps }) =>
    steps.some(({ action, changes }) =>
      changes.some(({ field, before, after }) => action !== 'skip' && field === 'quantity' && after === 0 && Number(before) > 0),
    ),
  );
  return falls.length;
}

export interface BrakeInput {
  readonly flow: Pick<Flow, 'kind' | 'settings' | 'letThrough'>;
  /** Articles that fell to zero in this window, with those that are about to. */
  readonly zeroed: number;
  /** Articles that the flow knows. */
  readonly known: number;
  readonly now: Date;
}

/** `undefined`: go on. */
export function brake({ flow, zeroed, known, now }: BrakeInput): Cause | undefined {
  if (flow.kind !== 'stock' || zeroed <= alwaysAllowed) return undefined;
  if (flow.letThrough && now.getTime() - flow.letThrough.getTime() < letThroughMs) return undefined;
  const percent = Number(flow.settings.values.brakePercent ?? 30);
  if (zeroed * 100 <= known * percent) return undefined;
  return {
    code: 'stock.brake',
    remedy: 'fix-data',
    message: `${zeroed} of ${known} articles would fall to zero at once. Nothing more is published until you say that this is right.`,
    params: { zeroed, known, percent },
  };
}

type Ground = Pick<Engine, 'flows' | 'ledger' | 'clock'>;

/** Counts what is about to fall before anything is written, since others may be at it as well. True: the flow is held, nothing of this may be published. */
export async function holdsBack(engine: Ground, flow: Flow, plans: readonly Plan[]): Promise<boolean> {
  const count = flow.kind === 'stock' ? zeroedBy(plans) : 0;
  if (count === 0) return false;
  const now = engine.clock.now();
  const fallen = await engine.flows.fell(flow.id, { count, at: now, windowMs: togetherMs });
  const known = await engine.ledger.known(flow);
  // One that came back and fell again is counted twice.
  const cause = brake({ flow, zeroed: Math.min(fallen, known), known, now });
  if (cause === undefined) return false;
  await takeBack(engine, flow, plans);
  await engine.flows.hold(flow.id, { cause, strikes: 0 });
  return true;
}

/** These were counted and have not fallen after all. */
export async function takeBack(engine: Ground, flow: Flow, plans: readonly Plan[]): Promise<void> {
  const count = flow.kind === 'stock' ? zeroedBy(plans) : 0;
  if (count > 0) await engine.flows.fell(flow.id, { count: -count, at: engine.clock.now(), windowMs: togetherMs });
}
