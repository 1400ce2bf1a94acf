/** The status gate: is this record ready to go? Pure. The reason is shown to the merchant. */
import type { Consent, Customer, Order } from '../../connectors/commerce.ts';
import type { Flow } from './model.ts';

export type GateReason =
  | 'before-start'
  | 'cancelled'
  | 'not-yet-paid'
  | 'not-at-status'
  | 'refunded'
  | 'deleted-in-source'
  | 'not-downwards'
  /** Tillbridge brought it from the target to the source. */
  | 'own-record'
  /** Tillbridge brought it to the source from a system that feeds the target itself. */
  | 'carried-directly';

/** Some shops date their orders to the second: one of the second in which the flow was switched on counts as after it. */
const wholeSecond = (from: Date): number => Math.floor(from.getTime() / 1000) * 1000;

/** `undefined`: go. `follows`: the target has the order already, and what becomes of it is carried on. */
export function gate(
  flow: Pick<Flow, 'kind' | 'from' | 'settings'>,
  record: unknown,
  { follows = false }: { follows?: boolean } = {},
): GateReason | undefined {
  // Nothing is deleted anywhere unasked.
  if (flow.kind === 'customer') return (record as Customer).deleted === true ? 'deleted-in-source' : undefined;
  // Of consent only a no travels by itself; a yes needs its proof where it is given.
  if (flow.kind === 'consent') return ['unsubscribed', 'cleaned'].includes((record as Consent).state) ? undefined : 'not-downwards';
  if (flow.kind !== 'order' || follows) return undefined;
  const order = record as Order;
  if (flow.from && Date.parse(order.createdAt) < wholeSecond(flow.from)) return 'before-start';
  if (order.state === 'cancelled') return 'cancelled';
  switch (flow.settings.values.sendWhen) {
    case 'placed':
      return undefined;
    case 'completed':
      return order.state === 'completed' ? undefined : 'not-at-status';
    default:
      if (order.paymentState === 'refunded') return 'refunded';
      return order.paymentState === 'paid' || order.paymentState === 'partially-refunded' ? undefined : 'not-yet-paid';
  }
}
