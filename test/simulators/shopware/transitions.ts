/** The state machines of orders, payments and deliveries, as the core's migrations leave them. */

export type MachineName = 'order.state' | 'order_transaction.state' | 'order_delivery.state';
export type StatefulEntity = 'order' | 'order_transaction' | 'order_delivery';

const rows = {
  'order.state': `
    open: process>in_progress cancel>cancelled
    in_progress: complete>completed cancel>cancelled
    completed: reopen>open
    cancelled: reopen>open`,
  'order_delivery.state': `
    open: ship>shipped ship_partially>shipped_partially cancel>cancelled
    shipped: retour>returned retour_partially>returned_partially cancel>cancelled reopen>open
    shipped_partially: ship>shipped retour>returned retour_partially>returned_partially cancel>cancelled reopen>open
    returned_partially: retour>returned reopen>open
    returned: reopen>open
    cancelled: reopen>open`,
  'order_transaction.state': `
    open: pay>paid paid>paid pay_partially>paid_partially paid_partially>paid_partially do_pay>in_progress authorize>authorized process_unconfirmed>unconfirmed remind>reminded fail>failed cancel>cancelled
    in_progress: paid>paid paid_partially>paid_partially pay_partially>paid_partially authorize>authorized fail>failed cancel>cancelled reopen>open
    reminded: pay>paid pay_partially>paid_partially do_pay>in_progress authorize>authorized process_unconfirmed>unconfirmed cancel>cancelled reopen>open
    paid_partially: pay>paid remind>reminded refund>refunded refund_partially>refunded_partially do_pay>in_progress chargeback>chargeback process_unconfirmed>unconfirmed cancel>cancelled reopen>open
    paid: refund>refunded refund_partially>refunded_partially chargeback>chargeback cancel>cancelled reopen>open
    refunded_partially: refund>refunded cancel>cancelled reopen>open
    refunded:
    cancelled: reopen>open paid>paid refund>refunded refund_partially>refunded_partially process_unconfirmed>unconfirmed
    failed: pay>paid paid>paid pay_partially>paid_partially paid_partially>paid_partially do_pay>in_progress fail>failed process_unconfirmed>unconfirmed reopen>open
    authorized: paid>paid paid_partially>paid_partially fail>failed cancel>cancelled
    chargeback: paid>paid paid_partially>paid_partially cancel>cancelled
    unconfirmed: paid>paid paid_partially>paid_partially authorize>authorized fail>failed cancel>cancelled reopen>open`,
} satisfies Record<MachineName, string>;

function parse(text: string): Record<string, Record<string, string>> {
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [from = '', actions = ''] = line.trim().split(':');
        const pairs = actions.trim().split(/\s+/).filter(Boolean);
        return [from, Object.fromEntries(pairs.map((pair) => pair.split('>') as [string, string]))];
      }),
  );
}

/** machine → from → action → to */
export const machines: Readonly<Record<MachineName, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  'order.state': parse(rows['order.state']),
  'order_delivery.state': parse(rows['order_delivery.state']),
  'order_transaction.state': parse(rows['order_transaction.state']),
};

export function machineOf(entity: StatefulEntity): MachineName {
  return `${entity}.state`;
}

export type Outcome =
  | { readonly kind: 'moved'; readonly to: string }
  | { readonly kind: 'already' }
  | { readonly kind: 'illegal'; readonly possible: readonly string[] };

/** Where an action leads. Up to 6.6 `cancel` is taken from every state, even from cancelled, and fires again. */
export function follow(machine: MachineName, from: string, { action, version }: { action: string; version: '6.6' | '6.7' }): Outcome {
  const table = machines[machine];
  if (action === 'cancel' && version === '6.6') return { kind: 'moved', to: 'cancelled' };
  const leadsHere = Object.values(table).some((actions) => actions[action] === from);
  if (leadsHere) return { kind: 'already' };
  const to = table[from]?.[action];
  if (to !== undefined) return { kind: 'moved', to };
  return { kind: 'illegal', possible: Object.keys(table[from] ?? {}) };
}

/** The action that leads from one state straight to another, if there is one. */
export function actionTo(machine: MachineName, from: string, to: string): string | undefined {
  return Object.entries(machines[machine][from] ?? {}).find(([, target]) => target === to)?.[0];
}
