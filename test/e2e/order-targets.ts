/** Where orders go: how each system is connected, made to fail, and asked what has arrived. */
import { tenantOf } from '../../app-server/engine/model.ts';
import { referenceOf } from '../../app-server/engine/prepare.ts';
import type { FaultKind, Faults } from '../simulators/shared/faulty-server.ts';
import { seededRandom } from '../simulators/shared/seeded-random.ts';
import type { ApiClient } from './api-client.ts';
import type { PlacedOrder, TestShop } from './shop-fixture.ts';
import { connectRetailBy, type Street } from './street.ts';
import { tillSettings } from './world.ts';

/** An order as it stands in the target. */
export interface Arrival {
  /** {@link OrderTarget.nameOf} of the order that it came from. */
  readonly name: string;
  readonly totalMinor: number;
  /** One amount per payment. */
  readonly payments: readonly number[];
  readonly customer: string;
}

export interface Weather {
  /** One call in this many goes wrong, in any of the ways that do not take a minute to notice. */
  rough(how: { readonly seed: number; readonly timeouts: boolean }): void;
  clear(): void;
  away(away: boolean): Promise<void>;
  /** Runs `work` at the n-th call from now: it has been carried out, its answer is still on its way. */
  atCall(calls: number, work: () => void): Promise<void>;
}

export interface OrderTarget {
  readonly connector: string;
  readonly weather: Weather;
  /** What it parks when it says no without a word, to be sent again. */
  readonly refusals: RegExp;
  connect(api: ApiClient): Promise<unknown>;
  nameOf(order: PlacedOrder): string;
  /** Orders of one customer come in their order. False: each stands for itself there, and many go at once. */
  readonly oneAfterAnother: boolean;
  /** In the order of their arrival. */
  arrived(): readonly Arrival[];
  /** Addresses of everybody whom it knows and did not know at first; one that stands there twice was made twice. */
  people(): readonly string[];
  unexpected(): readonly string[];
}

export const till = (street: Street): OrderTarget => {
  const simulator = street.till;
  const before = simulator.relations().length;
  return {
    connector: 'mpluskassa',
    oneAfterAnother: true,
    refusals: /^till\.(payment-)?refused$/,
    connect: (api) => api.expect('PUT', 'connections/mpluskassa', { settings: tillSettings(simulator) }),
    nameOf: ({ number }) => number,
    arrived: () =>
      simulator.orders().map(({ reference, totalInclAmount, payments, relationNumber }) => ({
        name: reference,
        totalMinor: totalInclAmount,
        payments: payments.map(({ amount }) => amount),
        customer: String(relationNumber),
      })),
    people: () =>
      simulator
        .relations()
        .slice(before)
        .map(({ email }) => String(email).toLowerCase()),
    unexpected: () => simulator.unexpected,
    weather: {
      rough({ seed, timeouts }) {
        const quick = ['refuse', 'fault', 'bad-gateway', 'write-then-drop', 'failed'] as const;
        // A call that hangs takes a minute until it is given up.
        simulator.faults.rate(0.1, timeouts ? [...quick, ...quick, ...quick, 'timeout'] : quick, seed);
      },
      clear: () => simulator.faults.clear(),
      away: (away) => simulator.faults.away(away),
      atCall: (calls, work) => nth((listener) => simulator.calls.watch(listener), calls, work),
    },
  };
};

export const mailchimp = ({ systems, shop }: Street): OrderTarget => {
  const simulator = systems.mailchimp;
  return {
    connector: 'mailchimp',
    oneAfterAnother: false,
    refusals: /^$/,
    connect: (api) =>
      api.expect('PUT', 'connections/mailchimp', { settings: { apiKey: simulator.apiKey, audience: simulator.audienceId } }),
    nameOf: referenceIn(shop),
    arrived: () =>
      simulator.stores().flatMap(({ id }) =>
        simulator.orders(String(id)).map((order) => {
          const totalMinor = Math.round(Number(order.order_total) * 100);
          const customer = String((order.customer as { email_address?: unknown }).email_address);
          // Mailchimp knows no payments; it says that an order is paid, or does not.
          return { name: String(order.id), totalMinor, payments: order.financial_status === 'paid' ? [totalMinor] : [], customer };
        }),
      ),
    people: () => simulator.members().map((member) => String(member.email_address).toLowerCase()),
    unexpected: () => simulator.unexpected,
    weather: httpWeather(simulator.faults),
  };
};

export const retailTill = ({ systems, shop }: Street): OrderTarget => {
  const { retail } = systems;
  const before = retail.customers().length;
  return {
    connector: 'lightspeed',
    oneAfterAnother: true,
    refusals: /^$/,
    connect: (api) => connectRetailBy(api, systems),
    nameOf: referenceIn(shop),
    arrived: () =>
      retail.sales().map((sale) => ({
        name: String(sale.source_id),
        totalMinor: Math.round((Number(sale.total_price) + Number(sale.total_tax)) * 100),
        payments: (sale.payments as { amount: unknown }[]).map(({ amount }) => Math.round(Number(amount) * 100)),
        customer: String(sale.customer_id),
      })),
    people: () =>
      retail
        .customers()
        .slice(before)
        .map(({ email }) => String(email).toLowerCase()),
    unexpected: () => retail.unexpected,
    weather: httpWeather(retail.faults),
  };
};

const referenceIn =
  (shop: TestShop) =>
  ({ id }: PlacedOrder): string =>
    referenceOf(tenantOf(/^\d+$/.test(shop.shopId) ? 'ecwid' : 'shopware', shop.shopId), 'order', id);

function httpWeather(faults: Faults): Weather {
  let back: (() => void) | undefined;
  return {
    rough({ seed, timeouts }) {
      const quick = ['drop', 'html', 'status', 'lose-answer'] as const satisfies readonly FaultKind[];
      const kinds: readonly FaultKind[] = timeouts ? [...quick, ...quick, ...quick, 'hang'] : quick;
      faults.rate(0.03, kinds, seededRandom(seed).next);
    },
    clear: () => faults.clear(),
    async away(away) {
      back?.();
      back = away ? faults.add({ kind: 'drop' }) : undefined;
    },
    atCall: (calls, work) => nth((listener) => faults.watch(listener), calls, work),
  };
}

function nth(watch: (listener: () => void) => () => void, count: number, work: () => void): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    const end = watch(() => {
      left -= 1;
      if (left > 0) return;
      end();
      work();
      resolve();
    });
  });
}
