/** The status gate: is this record ready to go? Pure. The reason is shown to the merchant. */
import type { Order } from '../../connectors/commerce.ts';
import type { Flow } from './model.ts';

export type GateReason = 'before-start' | 'cancelled' | 'not-yet-paid' | 'not-at-status' | 'refunded';

/** Some shops date their orders to the second: one of the second in which the flow was switched on counts as after it. */
const wholeSecond = (from: Date): number => Math.floor(from.getTime() / 1000) * 1000;

/** `undefined`: go. */
export function gate(flow: Pick<Flow, 'kind' | 'from' | 'settings'>, record: unknown): GateReason | undefined {
  if (flow.kind !== 'order') return undefined;
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
