import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { derive } from '../../app-server/mapping/derive.ts';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import type { Consent, Customer, Kind } from '../../connectors/commerce.ts';
import type { Change, Draft, Plan, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { shopware } from '../../shopware-app/connector.ts';
import { type ShopwareSimulator, startShopware } from '../simulators/shopware/simulator.ts';
import { type SmallApp, startSmallApp } from '../simulators/shopware/small-app.ts';

const manifest = readFileSync(fileURLToPath(new URL('../../manifest.xml', import.meta.url)), 'utf8');
/** As the manifest was before the newsletter was read. */
const olderManifest = manifest.replaceAll(/\s*<(read|update)>newsletter_recipient<\/\1>/g, '');
const readOnlyManifest = manifest.replace('<update>newsletter_recipient</update>', '');

let app: SmallApp;
let shop: ShopwareSimulator;
let session: Session;
let clock: Date;

async function install(text: string): Promise<void> {
  await shop?.stop();
  shop = await startShopware({ seed: 11 });
  await shop.install({
    name: app.name,
    secret: app.appSecret,
    registrationUrl: `${app.url}/register`,
    hooksUrl: `${app.url}/hook`,
    manifest: text,
  });
  shop.webhooks.mode = 'dropped';
  session = another();
}
function another(): Session {
  const { apiKey, secretKey } = shop.credentials();
  const send = createExchange({ system: 'shopware', budget: createBudget({ concurrency: 4 }), allowPrivateHosts: true });
  return shopware.open({ shopUrl: shop.url, apiKey, secretKey }, { send, now: () => clock });
}

beforeEach(async () => {
  clock = new Date();
  app = await startSmallApp();
  await install(manifest);
});
afterEach(async () => {
  await shop.stop();
  await app.stop();
  expect(shop.unexpected).toEqual([]);
});

const customer = async (number: string): Promise<Customer> => {
  const [found] = await session.read('customer', [`#${number}`]);
  if (found === undefined || found instanceof Failure) throw found ?? new Error(`no customer ${number}`);
  return found as Customer;
};
const recipients = (email: string) => shop.db.all('newsletter_recipient').filter((row) => String(row.email).toLowerCase() === email);
const failureIn = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => Promise.reject(new Error('it worked')),
    (error: unknown) => (error instanceof Failure ? error : Promise.reject(error)),
  );

async function walked(kind: Kind, cursor?: string): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const change of session.changed(kind, cursor)) changes.push(change);
  return changes;
}

const no = (email: string, state: Consent['state'] = 'unsubscribed'): Consent => ({ id: `m-${email}`, email, state });
function draftOf(consent: Consent): Draft {
  const writing = shopware.writes.consent;
  const derived = derive('consent', consent, { values: {}, surroundings: {}, known: false, theirs: [] });
  if (writing === undefined || typeof derived === 'string') throw new Error('no consent is written');
  const { fields } = mapRecord({ rules: writing.rules, record: derived.record, values: {}, tables: {} });
  return { id: consent.id, reference: `tb-${consent.id}`, revision: 0, fields: writing.draft.parse(fields) };
}
async function planned(consent: Consent): Promise<Plan> {
  const [plan] = await session.plan('consent', [draftOf(consent)]);
  if (plan === undefined || plan instanceof Failure) throw plan ?? new Error('no plan');
  return plan;
}
const actionsOf = ({ steps }: Plan) => steps.map(({ action, reason }) => (reason === undefined ? action : `${action}: ${reason}`));
const syncs = () => shop.calls.count('/api/_action/sync');

describe('what a customer said about the newsletter', () => {
  it('is a yes since he confirmed, a no since he left, pending until he confirms, and nothing where he never signed up', async () => {
    const confirmed = '2025-03-01T09:00:00.000Z';
    expect((await customer('10001')).permission).toEqual({ state: 'subscribed', at: confirmed, source: 'newsletter form' });
    expect((await customer('10005')).permission).toEqual({ state: 'subscribed', at: confirmed, source: 'newsletter form' });
    expect((await customer('10002')).permission).toMatchObject({ state: 'unsubscribed', source: 'newsletter form' });
    expect((await customer('10006')).permission).toMatchObject({ state: 'pending' });
    expect((await customer('10003')).permission).toBeUndefined();
  });

  it('is found whatever the case of the address, for many customers in one search', async () => {
    const [row] = recipients('piet.devries@example.test');
    if (row) shop.db.update('newsletter_recipient', row.id, { email: 'Piet.deVries@Example.test' });
    expect((await customer('10001')).permission).toMatchObject({ state: 'subscribed' });
    shop.calls.clear();
    const ids = shop.db.all('customer').map(({ id }) => id);
    expect((await session.read('customer', ids)).every((record) => record !== undefined && !(record instanceof Failure))).toBe(true);
    expect(shop.calls.count('/api/search/newsletter-recipient')).toBe(1);
  });

  it('counts in the sales channel where he is a customer before others', async () => {
    const [row] = recipients('piet.devries@example.test');
    const other = shop.db.all('sales_channel').find(({ id }) => id !== row?.salesChannelId);
    const { id: _, ...fields } = row ?? { id: '' };
    shop.db.insert('newsletter_recipient', { ...fields, status: 'optOut', salesChannelId: other?.id, updatedAt: new Date().toISOString() });
    expect((await customer('10001')).permission).toMatchObject({ state: 'subscribed' });
    shop.db.update('newsletter_recipient', row?.id ?? '', { salesChannelId: other?.id, updatedAt: '2025-01-01T00:00:00.000+00:00' });
    expect((await customer('10001')).permission).toMatchObject({ state: 'unsubscribed' });
  });

  it('is news of the customer, although his own record stays as it is', async () => {
    const before = await walked('customer');
    const cursor = before.at(-1)?.cursor;
    expect(await walked('customer', cursor)).toEqual([]);
    const { id } = await customer('10003');
    const recipient = await shop.backOffice.subscribe('inkoop@bakkerhoreca.example.test');
    await shop.backOffice.subscribe('stranger@example.test');
    const signed = await walked('customer', cursor);
    expect(signed.map((change) => [change.id, change.number])).toEqual([[id, '10003']]);
    expect((await customer('10003')).permission).toMatchObject({ state: 'subscribed' });
    await shop.backOffice.unsubscribe(recipient);
    expect((await walked('customer', signed.at(-1)?.cursor)).map((change) => change.id)).toEqual([id]);
  });

  it('is left out while the shop did not give the permission, which stops nothing else', async () => {
    await install(olderManifest);
    expect((await customer('10001')).permission).toBeUndefined();
    expect((await walked('customer')).length).toBeGreaterThan(0);
    shop.calls.clear();
    await customer('10002');
    expect(shop.calls.count('/api/search/newsletter-recipient')).toBe(0);
    const { warnings } = await session.check();
    expect(warnings).toMatchObject([{ code: 'shopware.newsletter-closed', params: { privileges: 'newsletter_recipient:read' } }]);
  });
});

describe('news of consent from the shop', () => {
  it('tells who signed up and who left, with the address and the time', async () => {
    const cursor = (await walked('consent')).at(-1)?.cursor;
    expect(await walked('consent', cursor)).toEqual([]);
    const [row] = recipients('reader@example.test');
    await shop.backOffice.unsubscribe(row?.id ?? '');
    const [change, ...more] = await walked('consent', cursor);
    expect(more).toEqual([]);
    const [consent] = await session.read('consent', [change?.id ?? '']);
    expect(consent).toMatchObject({ id: row?.id, email: 'reader@example.test', state: 'unsubscribed', source: 'newsletter form' });
    expect(Date.parse((consent as Consent).at ?? '')).toBeGreaterThan(Date.parse('2025-03-01T09:00:00Z'));
  });

  it('waits with a sentence while the shop did not give the permission', async () => {
    await install(olderManifest);
    const closed = { remedy: 'wait', code: 'shopware.newsletter-closed', params: { privileges: 'newsletter_recipient:read' } };
    expect(await failureIn(walked('consent'))).toMatchObject(closed);
    expect(await failureIn(session.read('consent', ['0'.repeat(32)]))).toMatchObject(closed);
    expect(await failureIn(planned(no('piet.devries@example.test')))).toMatchObject(closed);
  });
});

describe('news of a no for the shop', () => {
  it('ends the newsletter of the address in every sales channel, in whichever case', async () => {
    const [row] = recipients('piet.devries@example.test');
    const other = shop.db.all('sales_channel').find(({ id }) => id !== row?.salesChannelId);
    const { id: _, ...fields } = row ?? { id: '' };
    shop.db.insert('newsletter_recipient', { ...fields, email: 'Piet.deVries@Example.test', salesChannelId: other?.id });
    const plan = await planned(no('PIET.devries@example.test'));
    expect(actionsOf(plan)).toEqual(['update', 'update']);
    await session.apply('consent', [plan]);
    expect(recipients('piet.devries@example.test').map(({ status }) => status)).toEqual(['optOut', 'optOut']);
    expect(recipients('luc.peeters@example.test').map(({ status }) => status)).toEqual(['direct']);
    expect(actionsOf(await planned(no('piet.devries@example.test', 'cleaned')))).toEqual(['skip: unchanged']);
    expect(syncs()).toBe(1);
  });

  it('ends one that waits for confirmation, too', async () => {
    await session.apply('consent', [await planned(no('elodie@example.test'))]);
    expect(recipients('elodie@example.test').map(({ status }) => status)).toEqual(['optOut']);
  });

  it('of somebody unknown, and a yes, are left out', async () => {
    expect(actionsOf(await planned(no('nobody@example.test')))).toEqual(['skip: not-in-shop']);
    expect(actionsOf(await planned(no('sanne@example.test', 'subscribed')))).toEqual(['skip: not-downwards']);
    expect(recipients('sanne@example.test').map(({ status }) => status)).toEqual(['optOut']);
    expect(syncs()).toBe(0);
  });

  it('of many is one search and one write', async () => {
    const emails = ['piet.devries@example.test', 'luc.peeters@example.test', 'reader@example.test'];
    shop.calls.clear();
    const plans = await session.plan(
      'consent',
      emails.map((email) => draftOf(no(email))),
    );
    const outcomes = await session.apply(
      'consent',
      plans.filter((plan): plan is Plan => !(plan instanceof Failure)),
    );
    expect(outcomes).toMatchObject(emails.map((email) => ({ target: { id: recipients(email)[0]?.id } })));
    expect([shop.calls.count('/api/search/newsletter-recipient'), syncs()]).toEqual([1, 1]);
  });

  it('is looked at again when its answer got lost, or when the recipient was deleted meanwhile', async () => {
    shop.faults.add({ kind: 'lose-answer', path: '_action/sync', times: 1 });
    const [lost] = await session.apply('consent', [await planned(no('piet.devries@example.test'))]);
    expect(lost).toMatchObject({ ambiguous: true });
    expect(actionsOf(await planned(no('piet.devries@example.test')))).toEqual(['skip: unchanged']);
    const plan = await planned(no('reader@example.test'));
    shop.db.remove('newsletter_recipient', recipients('reader@example.test')[0]?.id ?? '');
    const neighbour = await planned(no('luc.peeters@example.test'));
    const [gone, done] = await session.apply('consent', [plan, neighbour]);
    expect(gone).toMatchObject({ remedy: 'retry', code: 'shopware.rows-refused' });
    expect(done).toMatchObject({ written: [expect.stringContaining('consent:')] });
    expect(recipients('luc.peeters@example.test').map(({ status }) => status)).toEqual(['optOut']);
    expect(recipients('reader@example.test')).toEqual([]);
    expect(actionsOf(await planned(no('reader@example.test')))).toEqual(['skip: not-in-shop']);
  });

  it('is parked, and the connection goes on, where the shop lets us look but not change', async () => {
    await install(readOnlyManifest);
    const [failure] = await session.apply('consent', [await planned(no('piet.devries@example.test'))]);
    expect(failure).toMatchObject({
      remedy: 'fix-data',
      code: 'shopware.newsletter-closed',
      params: { privileges: 'newsletter_recipient:update' },
    });
    expect(JSON.stringify(failure)).not.toContain('piet');
    expect(recipients('piet.devries@example.test').map(({ status }) => status)).toEqual(['optIn']);
  });
});
