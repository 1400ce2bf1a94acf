import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { ecwidOptions, ecwidShop } from '../e2e/ecwid-fixture.ts';
import { openWorld, tillSettings, type World } from '../e2e/world.ts';
import { type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import { openBrowser } from './chromium.ts';

const test = testDatabase();
const pictures = fileURLToPath(new URL('../../test-results/', import.meta.url));
const stages = ['Noticed', 'Taken up', 'Read', 'Translated', 'Planned', 'Written', 'Read back', 'Settled'];
/** No shop lists its products for the settings: the table of articles takes what is typed in. The browser calls the refusal an error. */
const listless = /\/vocabulary\/products$/;
/** High enough that the frame, which is as high as its page, never has to be scrolled. */
const sizes = { desktop: { width: 1440, height: 5600 }, phone: { width: 390, height: 3200 } } as const;

let browser: Browser;
let world: World;
let store: EcwidSimulator;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await openBrowser();
});
afterAll(() => browser?.close());

async function open(language: string): Promise<void> {
  world = await openWorld({
    fixture: {
      platform: 'ecwid',
      async start({ seed }) {
        store = await startEcwid({ ...ecwidOptions(seed), language });
        return ecwidShop(store);
      },
    },
    database: test.database,
    bare: true,
    environment: { LIGHTSPEED_CLIENT_ID: 'tillbridge', LIGHTSPEED_CLIENT_SECRET: 'the-secret-of-this-app' },
  });
}

beforeEach(async () => {
  const context = await browser.newContext({ viewport: sizes.desktop, colorScheme: 'light', locale: 'en-GB' });
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !listless.test(message.location().url))
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await picture('failed');
  await page.context().close();
  await world.stop();
});

async function picture(name: string): Promise<void> {
  const bottom = await page.locator('main, body').first().boundingBox();
  const { width, height } = page.viewportSize() ?? sizes.desktop;
  const clip = { x: 0, y: 0, width, height: Math.min(height, Math.ceil((bottom?.y ?? 0) + (bottom?.height ?? height))) };
  await page.screenshot({ path: path.join(pictures, `ecwid-${name}.png`), clip });
}
const app = (): FrameLocator => page.frameLocator('#app');
const frameHeight = async (): Promise<number> => (await page.locator('#app').boundingBox())?.height ?? 0;

/**
 * What the merchant could read now, folded parts included. One system that can be connected bears a forbidden word as its name: it may
 * stand there once in each place that does nothing but name that system.
 */
async function readNothingForbidden(): Promise<void> {
  const frame = page.frame({ name: 'app' });
  const naming = frame?.url().endsWith(itsCard) ? [...everywhere, ...onItsCard] : everywhere;
  const { text, named } = await app().locator('body').evaluate(readAloud, naming.join());
  expect(text.length).toBeGreaterThan(50);
  expect(text.match(/.{0,40}(?:ecwid|lightspeed).{0,40}/i)?.[0]).toBeUndefined();
  for (const name of named) expect(name).toMatch(/^(?:(?!ecwid|lightspeed).)*\bLightspeed\b(?:(?!ecwid|lightspeed).)*$/is);
}

const itsCard = '#/connections/lightspeed';
const everywhere = [`a[href$="${itsCard}"]`];
/** The heading, and the button that opens its own page. */
const onItsCard = ['h1', '.authorize button'];

/** Runs in the browser: the text of a page, and apart from it that of the places which name one thing. */
function readAloud(body: Readable, naming: string): { text: string; named: string[] } {
  const rest = body.cloneNode(true);
  const places = [...rest.querySelectorAll(naming)];
  const named = places.map((place) => place.textContent?.trim() ?? '');
  for (const place of places) place.remove();
  return { text: rest.textContent ?? '', named };
}
interface Readable {
  readonly textContent: string | null;
  cloneNode(deep: true): Readable;
  querySelectorAll(selector: string): Iterable<Readable>;
  remove(): void;
}

/** By keyboard: a frame that grows with its page may move between the aim of a click and its landing. */
const press = (control: Locator): Promise<void> => control.press('Enter');

const fieldNames = (fields: readonly { getAttribute(name: string): string | null }[]) =>
  fields.map((field) => field.getAttribute('data-field'));

/** Nothing sticks out to the right of a narrow screen. */
const overhang = (): Promise<number> =>
  app()
    .locator('html')
    .evaluate((html: Sized) => html.scrollWidth - html.clientWidth);
/** The check above runs in the browser, whose types the server's code does not have. */
interface Sized {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

describe('a merchant in the Control Panel', () => {
  it('sets up, and finds the first paid order in the till within five seconds, with the same story as everywhere', async () => {
    await open('en');
    await page.goto(store.adminUrl);
    await app().getByRole('heading', { name: 'Set up in four steps' }).waitFor();
    await page.locator('#app[data-ready=yes]').waitFor();
    const frame = page.frame({ name: 'app' });
    expect(frame?.url()).toBe(`${world.appUrl}/ecwid/frame`);
    expect(await frame?.content()).not.toContain(store.tokens()?.accessToken);
    await readNothingForbidden();
    await picture('1-guide');

    await press(app().getByRole('link', { name: 'Connect MplusKASSA' }));
    const { host, port, ident, secret } = tillSettings(world.till);
    for (const [name, value] of Object.entries({ Host: host, Port: String(port), Ident: ident, Secret: secret })) {
      await app().getByRole('textbox', { name }).fill(value);
    }
    await press(app().getByRole('button', { name: 'Save and test' }));
    await app().getByText('The connection works').waitFor();
    await readNothingForbidden();
    await press(app().getByRole('link', { name: 'Next step' }));
    await press(app().getByRole('button', { name: /^(Answer the questions|Orders: Your shop → MplusKASSA)$/ }));
    await app().getByText('We filled in suggestions').waitFor();
    await readNothingForbidden();
    await picture('2-settings');
    // The frame is as high as the page in it, so the Control Panel needs one scroll bar only.
    await expect.poll(frameHeight).toBeGreaterThan(1_000);
    await press(app().getByRole('button', { name: 'Save settings' }));
    const tried = store.placeOnlinePaid().id;
    await app().getByText('Try an order').first().waitFor();
    await press(app().getByRole('link', { name: 'Dry run', exact: true }));
    await app().getByRole('textbox', { name: 'Order number' }).fill(tried);
    await press(app().getByRole('button', { name: 'Start the dry run' }));
    await app().getByText(`${tried} would be written to MplusKASSA`).waitFor();
    await readNothingForbidden();
    expect(world.till.orders()).toEqual([]);
    await press(app().getByRole('link', { name: 'Next step' }));
    await press(app().getByRole('button', { name: 'Switch on' }));
    await app().getByText('Switched on. New records now travel by themselves.').waitFor();

    const placedAt = Date.now();
    const placing = page.waitForResponse(/\/sandbox\/paid$/);
    await page.getByRole('button', { name: 'Place a paid order' }).click();
    await placing;
    const number = [...store.shop.orders.keys()].at(-1) ?? '';
    await expect.poll(() => world.till.orders().map(({ reference }) => reference), { timeout: 5_000, interval: 20 }).toEqual([number]);
    expect(Date.now() - placedAt).toBeLessThan(5_000);

    await press(app().getByRole('link', { name: 'Activity' }));
    await expect.poll(frameHeight, { message: 'it shrinks again on a short page' }).toBeLessThan(1_000);
    await press(app().getByRole('link', { name: number, exact: true }));
    await app()
      .getByRole('heading', { name: `Order ${number}` })
      .waitFor();
    const attempt = app().locator('details.attempt', { hasText: 'What was written' });
    if ((await attempt.getAttribute('open')) === null) await press(attempt.locator('summary').first());
    const line = attempt.getByRole('list', { name: 'Stages of this attempt' });
    await line.getByText('Settled').waitFor();
    for (const stage of stages) expect(await line.getByText(stage, { exact: true }).count()).toBe(1);
    await attempt.getByText(/^Read back: all \d+ checks agree\.$/).waitFor();
    const exchange = attempt.locator('.exchange', { hasText: /read order/ });
    await press(exchange.locator('summary'));
    await exchange.getByText('Secrets and personal data are masked.').waitFor();
    await readNothingForbidden();
    await picture('3-timeline');

    await page.emulateMedia({ colorScheme: 'dark' });
    await app().locator('html[data-theme=dark]').waitFor();
    await picture('4-timeline-dark');
    await page.setViewportSize(sizes.phone);
    await expect.poll(overhang).toBe(0);
    await picture('5-phone-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await app().locator('html[data-theme=light]').waitFor();
    await press(app().getByRole('link', { name: 'Activity' }).first());
    await app().getByRole('link', { name: number, exact: true }).waitFor();
    await expect.poll(overhang).toBe(0);
    await picture('6-phone-light');

    expect(complaints).toEqual([]);
    expect(world.till.unexpected).toEqual([]);
    expect(store.unexpected).toEqual([]);
  }, 120_000);

  it.each([
    ['en', 'Connect Lightspeed', 'Other systems'],
    ['de', 'Lightspeed verbinden', 'Andere Systeme'],
    ['nl', 'Lightspeed verbinden', 'Andere systemen'],
  ])(
    'reads the name of a system that shares the platform’s only where it names that system (%s)',
    async (language, named, others) => {
      await open(language);
      await page.goto(store.adminUrl);
      await app().getByRole('list', { name: others }).getByRole('link', { name: named, exact: true }).waitFor();
      await readNothingForbidden();
      await press(app().getByRole('link', { name: named, exact: true }));
      await app().getByRole('heading', { level: 1, name: named, exact: true }).waitFor();
      await readNothingForbidden();
      // What its second product wants is not asked for before that is chosen.
      const askedFor = () => app().locator('[data-field]').evaluateAll(fieldNames);
      expect(await askedFor()).toEqual(expect.arrayContaining(['series', 'apiKey']));
      expect(await askedFor()).not.toContain('personalToken');
      expect(await app().locator('.authorize').count()).toBe(0);
      await app().locator('[data-field=series] input').click();
      await app().getByText('Retail (X-Series)').click();
      await app().locator('[data-field=personalToken]').waitFor();
      await app().locator('.authorize button').waitFor();
      expect(await askedFor()).not.toContain('apiKey');
      await readNothingForbidden();
      await picture(`8-other-system-${language}`);
      expect(complaints).toEqual([]);
    },
    60_000,
  );

  it('reads the language of the Control Panel, and the page works when its script does not come', async () => {
    await open('nl');
    store.faults.add({ kind: 'drop', path: '/ecwid-app.js' });
    await page.goto(store.adminUrl);
    await app().locator('html[lang=nl]').waitFor();
    await app()
      .getByRole('heading', { level: 1 })
      .or(app().getByRole('heading', { level: 2 }))
      .first()
      .waitFor();
    await readNothingForbidden();
    await page.getByText('Something went wrong').waitFor({ timeout: 20_000 });
    expect(complaints.filter((complaint) => !complaint.includes('/ecwid-app.js'))).toEqual([]);
  }, 60_000);

  it('who opens an old address reads to open the app again', async () => {
    await open('de');
    const url = store.frameUrl({ clientSecret: 'the-secret-of-another-app' });
    await page.goto(url);
    await page.getByRole('heading', { name: 'open the app from the Control Panel again' }).waitFor();
    await picture('7-open-again');
  }, 60_000);
});
