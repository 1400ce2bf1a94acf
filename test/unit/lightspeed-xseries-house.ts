/** A simulated Retail X-Series store with sessions on it: shared by the tests of that driver. */
import { afterEach, expect } from 'vitest';
import { derive } from '../../app-server/mapping/derive.ts';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import { type CanonicalRecord, type Kind, Order } from '../../connectors/commerce.ts';
import type { Change, Draft, Io, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange, type Send } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import {
  CustomerDraft,
  customerRules,
  OrderDraft,
  orderRules,
  ProductDraft,
  productRules,
  StockDraft,
  stockRules,
} from '../../connectors/lightspeed/drafts.ts';
import {
  CustomerFlowSettings,
  OrderFlowSettings,
  ProductFlowSettings,
  StockFlowSettings,
} from '../../connectors/lightspeed/flow-settings.ts';
import { type LightspeedOptions, LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { openXSeries } from '../../connectors/lightspeed/xseries/index.ts';
import type { TableRows } from '../../connectors/mapping.ts';
import { startXSeries, type XSeriesOptions, type XSeriesSimulator } from '../simulators/lightspeed/xseries.ts';

export const send = (): Send => createExchange({ system: 'Lightspeed', budget: createBudget({ concurrency: 8 }), allowPrivateHosts: true });

export interface House {
  readonly sim: XSeriesSimulator;
  readonly options: LightspeedOptions;
  /** With a personal token. */
  readonly session: Session;
  settings(over?: Readonly<Record<string, unknown>>): LightspeedSettings;
  open(settings?: LightspeedSettings, io?: Partial<Io<LightspeedSettings>>): Session;
}

const houses = new Set<XSeriesSimulator>();

/** Stops every store of the test and complains about requests that no store would understand. */
afterEach(async () => {
  const all = [...houses];
  houses.clear();
  for (const sim of all) await sim.stop();
  expect(all.flatMap(({ unexpected }) => unexpected)).toEqual([]);
});

export async function openHouse(options: XSeriesOptions = {}): Promise<House> {
  const sim = await startXSeries(options);
  houses.add(sim);
  const now = options.now ?? (() => new Date());
  const configured: LightspeedOptions = {
    retailApiBaseUrl: sim.apiBaseUrl,
    retailConnectUrl: sim.connectUrl,
    clientId: sim.clientId,
    clientSecret: sim.clientSecret,
  };
  const settings = (over: Readonly<Record<string, unknown>> = { personalToken: sim.personalToken() }): LightspeedSettings =>
    LightspeedSettings.parse({ series: 'retail', domainPrefix: sim.domainPrefix, ...over });
  const open = (entered = settings(), io: Partial<Io<LightspeedSettings>> = {}): Session =>
    openXSeries(entered, { send: send(), now, ...io }, configured);
  return { sim, options: configured, session: open(), settings, open };
}

const writes = {
  order: { rules: orderRules, draft: OrderDraft, settings: OrderFlowSettings },
  customer: { rules: customerRules, draft: CustomerDraft, settings: CustomerFlowSettings },
  product: { rules: productRules, draft: ProductDraft, settings: ProductFlowSettings },
  stock: { rules: stockRules, draft: StockDraft, settings: StockFlowSettings },
};

interface DraftWish {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly tables?: TableRows;
  /** What the engine adds to the record before it is mapped. */
  readonly derived?: Readonly<Record<string, unknown>>;
  readonly over?: Partial<Draft>;
}

/** A record as the engine maps it with the connector's own rules. */
export function draftOf(
  kind: keyof typeof writes,
  record: CanonicalRecord,
  { settings = {}, tables = {}, derived, over }: DraftWish = {},
): Draft {
  const writing = writes[kind];
  const values = { managed: true, offer: true, content: true, ...writing.settings.parse(settings) };
  const done = derive(kind as Kind, record, { values, surroundings: {}, known: false, theirs: [] });
  if (typeof done === 'string') throw new Error(done);
  const { fields } = mapRecord({ rules: writing.rules, record: { ...done.record, ...derived }, values, tables });
  const id = String(Reflect.get(record, 'id') ?? 'record');
  return { id, reference: referenceOf(id), revision: 0, fields: writing.draft.parse(fields), ...over };
}

/** In the form of the engine's references. */
export const referenceOf = (id: string): string => `tb-${Buffer.from(id.padEnd(15, '.')).toString('hex').slice(0, 29)}`;

export function planned(plan: Plan | Failure | undefined): Plan {
  if (plan === undefined || plan instanceof Failure) throw plan ?? new Error('no plan');
  return plan;
}

export function done(outcome: Outcome | Failure | undefined): Outcome {
  if (outcome === undefined || outcome instanceof Failure) throw outcome ?? new Error('no outcome');
  return outcome;
}

export function failed(result: unknown): Failure {
  if (!(result instanceof Failure)) throw new Error(`no failure: ${JSON.stringify(result)}`);
  return result;
}

export async function planOf(session: Session, kind: Kind, draft: Draft): Promise<Plan | Failure> {
  const [plan] = await session.plan(kind, [draft]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

/** Plans and carries out, as the engine does. */
export async function carry(session: Session, kind: Kind, draft: Draft): Promise<{ plan: Plan; outcome: Outcome }> {
  const plan = planned(await planOf(session, kind, draft));
  const [outcome] = await session.apply(kind, [plan]);
  return { plan, outcome: done(outcome) };
}

export async function changes(session: Session, kind: Kind, cursor?: string): Promise<Change[]> {
  const list: Change[] = [];
  for await (const change of session.changed(kind, cursor)) list.push(change);
  return list;
}

export async function thrown(work: Promise<unknown>): Promise<Failure> {
  return failed(
    await work.then(
      (value) => value,
      (error: unknown) => error,
    ),
  );
}

export async function readOrder(house: House, id: string): Promise<Order> {
  const [order] = await house.session.read('order', [id]);
  if (order === undefined || order instanceof Failure) throw order ?? new Error('no order');
  return Order.parse(order);
}
