/** A simulated store, an open session on it, and drafts as the flows of people and orders make them, mapping included. */
import { afterEach, beforeEach, expect } from 'vitest';
import { derive } from '../../app-server/mapping/derive.ts';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import { type Consent, Customer, type Kind, type Order } from '../../connectors/commerce.ts';
import type { Change, Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { TableRows } from '../../connectors/mapping.ts';
import { ecwidConnector } from '../../ecwid-app/index.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import { directSend } from './ecwid-house.ts';

export let store: EcwidSimulator;
export let session: Session;
let clock: Date;

const connector = () => ecwidConnector({ apiBaseUrl: store.apiBaseUrl });

export async function restart(options: EcwidOptions = {}): Promise<void> {
  await store?.stop();
  clock = new Date('2026-03-01T10:00:00Z');
  store = await startEcwid({ now: () => clock, ...options });
  store.install();
  reopen();
}

/** Another worker: it remembers nothing. */
export function reopen(): void {
  const settings = { storeId: store.storeId, accessToken: store.tokens()?.accessToken ?? '' };
  session = connector().open(settings, { send: directSend(), now: () => clock });
}

export const later = (seconds: number): void => {
  clock = new Date(clock.getTime() + seconds * 1000);
};

/** A fresh store for each test of the file that calls this at its top. */
export function useStore(): void {
  beforeEach(() => restart());
  afterEach(async () => {
    await store.stop();
    expect(store.unexpected).toEqual([]);
  });
}

export interface How {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly tables?: TableRows;
  readonly draft?: Partial<Draft>;
}

type Written = 'customer' | 'consent' | 'order';

/** As the engine does it: derived, mapped, parsed. */
export function draftOf(kind: Written, record: Customer | Consent | Order, { values = {}, tables = {}, draft = {} }: How = {}): Draft {
  const writing = connector().writes[kind];
  if (writing === undefined) throw new Error(`the store takes no ${kind}`);
  const derived = derive(kind, record, { values, surroundings: {}, known: false, theirs: [] });
  if (typeof derived === 'string') throw new Error(derived);
  const answers = { ...(writing.settings.parse({}) as object), ...values };
  const { fields } = mapRecord({ rules: writing.rules, record: derived.record, values: answers, tables });
  return { id: record.id ?? '', reference: `tb-${kind}-${record.id}`, revision: 0, fields: writing.draft.parse(fields), ...draft };
}

export async function planned(kind: Written, record: Customer | Consent | Order, how: How = {}): Promise<Plan> {
  const [plan] = await session.plan(kind, [draftOf(kind, record, how)]);
  if (plan === undefined || plan instanceof Failure) throw plan ?? new Error('no plan');
  return plan;
}

export async function carried(kind: Written, plan: Plan): Promise<Outcome> {
  const [outcome] = await session.apply(kind, [plan]);
  if (outcome === undefined || outcome instanceof Failure) throw outcome ?? new Error('no outcome');
  return outcome;
}

export const written = async (kind: Written, record: Customer | Consent | Order, how: How = {}): Promise<Outcome> =>
  carried(kind, await planned(kind, record, how));

export const refusal = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => Promise.reject(new Error('it worked')),
    (error: unknown) => (error instanceof Failure ? error : Promise.reject(error)),
  );

export const actionsOf = ({ steps }: Plan) => steps.map(({ action, reason }) => (reason === undefined ? action : `${action}: ${reason}`));
export const writes = () => store.calls.filter(({ method, path }) => method !== 'GET' && path !== '/batch');

export async function walked(kind: Kind, cursor?: string): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of session.changed(kind, cursor)) changes.push(change);
  return changes;
}

export const anna = (over: Partial<Customer> = {}): Customer =>
  Customer.parse({
    id: '20007',
    number: '20007',
    email: 'anna@example.com',
    firstName: 'Anna',
    lastName: 'van Dijk',
    phone: '+31 6 1234 5678',
    billing: { firstName: 'Anna', lastName: 'van Dijk', street: 'Singel 7', postalCode: '1012 AB', city: 'Amsterdam', country: 'NL' },
    ...over,
  });
