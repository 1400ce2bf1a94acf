import type { FrameLocator, Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../e2e/api-client.ts';
import { seedCustomers } from '../simulators/shopware/seed-customers.ts';
import { foundByLookingMs, sandboxOfEachTest } from './open-sandbox.ts';

const opened = sandboxOfEachTest('systems-', { width: 1440, height: 1100 });
const { picture, visit, view, connectForMe, tillbridge, tillView, expectPeace } = opened;
/** A minute: much of it waits for a poll. */
const patiently = { timeout: foundByLookingMs };
type Order = NonNullable<Shape<'RecordSummary'>['money']> & { readonly number: string };

const app = (): FrameLocator => tillbridge();
const cardOf = (flow: string): Locator => app().getByRole('region', { name: flow, exact: true });
const said = (words: RegExp) => opened.page.getByRole('status').filter({ hasText: words }).waitFor(patiently);

async function open(place: 'Overview' | 'Connections' | 'Directions' | 'Activity'): Promise<void> {
  await app().getByRole('link', { name: place }).click();
  await app()
    .getByRole('heading', { level: 1, name: place === 'Directions' ? 'Who owns what' : place })
    .waitFor();
}

/** Places a paid order at the sandbox's shop: its number, and what was paid in cents. */
async function place(): Promise<Pick<Order, 'number' | 'paidMinor'>> {
  const { page } = opened;
  const [response] = await Promise.all([
    page.waitForResponse(/\/stage\/paid$/),
    page.getByRole('button', { name: 'Place a paid order' }).click(),
  ]);
  const { shops } = (await response.json()) as { shops: { order?: Pick<Order, 'number' | 'paidMinor'> }[] };
  const order = shops.find((shop) => shop.order !== undefined)?.order;
  if (order === undefined) throw new Error('the sandbox names no order');
  return order;
}

/** Agrees on Mailchimp's own page, in the window that the screens open. */
async function connectMailchimpByHand(): Promise<void> {
  await open('Connections');
  await app().getByRole('link', { name: 'Connect Mailchimp' }).click();
  const [consent] = await Promise.all([
    opened.page.waitForEvent('popup'),
    app().getByRole('button', { name: 'Connect with Mailchimp' }).click(),
  ]);
  await consent.getByRole('button', { name: 'Allow' }).click();
  await consent.waitForURL(/\/connect\/mailchimp\/callback\?/);
  await consent.getByRole('heading', { name: 'Connected' }).waitFor();
  await consent.close();
  await app().getByText('The connection works').waitFor(patiently);
}

/** Chooses what shall flow as well, and takes the suggested settings. */
async function setUp(flow: string): Promise<void> {
  await open('Overview');
  const more = app().getByRole('region', { name: 'More that can flow' });
  const wanted = more.getByRole('button', { name: flow, exact: true, includeHidden: true });
  await wanted.waitFor({ state: 'attached' });
  // With three systems there is so much that it is folded, kind by kind.
  if (!(await wanted.isVisible()))
    await more
      .locator('summary')
      .filter({ hasText: flow.split(':')[0] ?? '' })
      .click();
  await wanted.click();
  await app().getByRole('button', { name: 'Save settings' }).click();
  await app().getByText('Settings saved.').waitFor();
  await open('Overview');
  await cardOf(flow).waitFor();
}

async function switchOn(flow: string): Promise<void> {
  await cardOf(flow).getByRole('button', { name: 'Switch on' }).click();
  await cardOf(flow).getByRole('button', { name: 'Switch off' }).waitFor();
}

const inMailchimp = () => {
  const { mailchimp } = opened.sandbox.systems;
  return mailchimp.stores().flatMap(({ id }) => mailchimp.orders(String(id)));
};

describe('a merchant with a shop, a till, a mail account and a second till', () => {
  it('sees one paid order in all of them, and reads who owns what', async () => {
    const { page, sandbox } = opened;
    const { mailchimp, retail } = sandbox.systems;
    await visit();
    await connectForMe();
    await connectMailchimpByHand();
    await picture('1-connected');
    const orders = 'Orders: Your shop → Mailchimp';
    await setUp(orders);
    await switchOn(orders);

    const first = await place();
    await said(new RegExp(`^Order ${first.number} .* is in the till, \\d+\\.\\d s after it was placed, and in Mailchimp\\.$`));
    await tillView().locator(`[data-reference="${first.number}"]`).waitFor();
    const [sent] = inMailchimp();
    expect(sent).toMatchObject({ currency_code: 'EUR', order_total: first.paidMinor / 100, financial_status: 'paid' });
    // Who buys has not subscribed to anything, and gets no mail.
    expect(new Set(mailchimp.members().map(({ status }) => status))).toEqual(new Set(['transactional']));
    expect(mailchimp.mails).toEqual([]);
    const mail = await view('Mailchimp');
    await mail.locator(`[data-order="${String(sent?.id)}"]`).waitFor();
    await picture('2-mailchimp');
    expect(retail.sales()).toEqual([]);

    await page.getByRole('button', { name: 'Connect Lightspeed for me' }).click();
    await page.getByRole('button', { name: '✓ Lightspeed connected' }).waitFor(patiently);
    const second = await place();
    await said(new RegExp(`^Order ${second.number} .* is in the till, .*, and in Mailchimp and Lightspeed\\.$`));
    const till = await view('Lightspeed Retail');
    const sale = retail
      .sales()
      .map(({ id }) => retail.placed(String(id)))
      .find(({ total }) => total === second.paidMinor);
    expect(sale).toBeDefined();
    await till.locator(`[data-sale="${sale?.id}"][data-status="CLOSED"]`).waitFor(patiently);
    await picture('3-lightspeed');

    await open('Directions');
    const ordersPanel = cardOf('Orders');
    await ordersPanel.getByText('Orders begin in your shop.').waitFor();
    for (const target of ['MplusKASSA', 'Mailchimp', 'Lightspeed']) {
      await ordersPanel.getByText(`From your shop they go to ${target}. They are added to what is there.`).waitFor();
    }
    await picture('4-directions-light');
    await open('Activity');
    const ways = app().getByRole('row').filter({ hasText: second.number });
    for (const target of ['MplusKASSA', 'Mailchimp', 'Lightspeed']) {
      await ways.filter({ hasText: target }).getByText('Done').waitFor(patiently);
    }
    await picture('5-activity-light');

    await page.emulateMedia({ colorScheme: 'dark' });
    await app().locator('html[data-theme=dark]').waitFor();
    await picture('6-activity-dark');
    await open('Directions');
    await picture('7-directions-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await picture('8-phone-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await app().locator('html[data-theme=light]').waitFor();
    await page.locator('#shop').scrollIntoViewIfNeeded();
    await picture('9-phone-light');
    await page.locator('#retail').scrollIntoViewIfNeeded();
    await picture('10-phone-lightspeed');
    await open('Activity');
    await page.locator('#shop').scrollIntoViewIfNeeded();
    await picture('11-phone-activity');
    expectPeace();
  }, 240_000);

  it('decides whom the till means where two people have one address', async () => {
    const { till } = opened.sandbox;
    const [person] = seedCustomers;
    const name = `${person?.firstName} ${person?.lastName}`;
    const twins = ['at home', 'at the office'].map((where) => till.putRelation({ name: `${name} ${where}`, email: person?.email }));
    const customers = 'Customers: Your shop → MplusKASSA';
    await visit();
    await connectForMe();
    await setUp(customers);
    await switchOn(customers);
    await cardOf(customers).getByRole('button', { name: 'Import now' }).click();
    await cardOf(customers).getByText('Needs your attention').waitFor(patiently);
    await cardOf(customers).getByRole('link', { name: 'To decide' }).click();

    const question = app()
      .getByRole('region')
      .filter({ has: app().getByText(`${name} at home`) });
    for (const { relationNumber } of twins) await question.getByText(String(relationNumber)).waitFor(patiently);
    await picture('12-choices-light');
    await opened.page.emulateMedia({ colorScheme: 'dark' });
    await app().locator('html[data-theme=dark]').waitFor();
    await picture('13-choices-dark');

    const [, office] = twins;
    const before = till.relations().length;
    await question.getByRole('button', { name: new RegExp(`^This one: .*${office?.relationNumber}$`) }).click();
    await app().getByText('Decided: it goes on.').waitFor();
    await app().getByText('Nothing to decide').waitFor(patiently);
    await open('Overview');
    await cardOf(customers).getByText('Everything is in step.').waitFor(patiently);
    expect(till.relations()).toHaveLength(before);
    const chosen = till.relations().find(({ relationNumber }) => relationNumber === office?.relationNumber);
    expect(chosen).toMatchObject({ email: person?.email, address: person?.street });
    expectPeace();
  }, 240_000);
});
