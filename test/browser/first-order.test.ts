import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FrameLocator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openFrame, type Shape } from '../e2e/api-client.ts';
import { foundByLookingMs, sandboxOfEachTest } from './open-sandbox.ts';

const stages = ['Noticed', 'Taken up', 'Read', 'Translated', 'Planned', 'Written', 'Read back', 'Settled'];
const opened = sandboxOfEachTest('', { width: 1440, height: 1000 });
const { picture, visit, connectForMe, tillbridge, tillView, expectPeace } = opened;

/** A frame that was out of sight is drawn some time after it came into view. */
const drawn = (url: RegExp) =>
  opened.page.frame({ url })?.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
/** The page says this in its line of news; what is found by looking alone takes its time on a busy machine. */
const said = (words: RegExp) => opened.page.getByRole('status').filter({ hasText: words }).waitFor({ timeout: foundByLookingMs });

/** Presses a button of the sandbox that places an order; answers its number. */
async function place(button: string): Promise<string> {
  const { page } = opened;
  const [response] = await Promise.all([page.waitForResponse(/\/stage\/\w+$/), page.getByRole('button', { name: button }).click()]);
  const { shops } = (await response.json()) as { shops: { order?: { number: string } }[] };
  const number = shops.find(({ order }) => order !== undefined)?.order?.number;
  if (number === undefined) throw new Error('the sandbox names no order');
  return number;
}

async function connectByHand(): Promise<void> {
  const app = tillbridge();
  const { till } = opened.sandbox;
  await app.getByRole('link', { name: 'Connect MplusKASSA' }).click();
  await app.getByRole('textbox', { name: 'Host' }).fill(till.host);
  await app.getByRole('textbox', { name: 'Port' }).fill(String(till.port));
  await app.getByRole('textbox', { name: 'Ident' }).fill(till.ident);
  await app.getByRole('textbox', { name: 'Secret' }).fill(till.secret);
  await app.getByRole('button', { name: 'Save and test' }).click();
  await app.getByText('The connection works').waitFor();
}

/** The writing attempt of an order, as the product keeps it. */
async function writtenAttempt(number: string): Promise<Shape<'Attempt'>> {
  const { app, shops } = opened.sandbox;
  const [shop] = shops;
  const api = await openFrame(app.url, (await shop?.frameUrl()) ?? '');
  const [record] = (await api.expect<Shape<'RecordPage'>>('GET', `records?search=${number}`)).items;
  const { attemptList } = await api.expect<Shape<'RecordDetail'>>('GET', `records/${record?.id}`);
  const written = attemptList.find(({ steps }) => steps.length > 0);
  if (written === undefined) throw new Error(`no attempt wrote ${number}`);
  return written;
}

/** Of every field that can be seen in a frame, those that a screen reader could not name. */
const namelessFields = (frame: FrameLocator): Promise<string[]> =>
  frame.locator('input:visible, select:visible, textarea:visible').evaluateAll((fields: readonly Field[]) =>
    fields
      .filter((field) => {
        const labels = [...field.labels].map((label) => label.textContent?.trim());
        return ![...labels, field.ariaLabel, field.getAttribute('aria-labelledby')].some(Boolean);
      })
      .map((field) => field.outerHTML),
  );

/** As much of a form field as the check above looks at: it runs in the browser, whose types the server's code does not have. */
interface Field {
  readonly labels: Iterable<{ readonly textContent: string | null }>;
  readonly ariaLabel: string | null;
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
}

describe('a merchant with the sandbox before them', () => {
  it('connects the till, tries an order, switches on, and finds the first paid order in the till with its whole story', async () => {
    const { page, sandbox } = opened;
    await visit();
    const app = tillbridge();
    await picture('1-guide');
    const tried = await place('Place a paid order');

    await connectByHand();
    expect(await namelessFields(app)).toEqual([]);
    await picture('2-connected');
    await app.getByRole('link', { name: 'Next step' }).click();
    await app.getByRole('button', { name: 'Answer the questions' }).click();
    await app.getByText('We filled in suggestions').waitFor();
    expect(await namelessFields(app)).toEqual([]);
    await picture('3-settings');
    await app.getByRole('button', { name: 'Save settings' }).click();

    await app.getByRole('link', { name: 'Try an order' }).click();
    await app.getByRole('textbox', { name: 'Order number' }).fill(tried);
    await app.getByRole('button', { name: 'Start the dry run' }).click();
    await app.getByText(`${tried} would be written to MplusKASSA`).waitFor();
    expect(sandbox.till.orders()).toEqual([]);
    await picture('4-dry-run');
    await app.getByRole('link', { name: 'Next step' }).click();
    await app.getByRole('button', { name: 'Switch on' }).click();
    await app.getByText('Switched on. New records now travel by themselves.').waitFor();

    const number = await place('Place a paid order');
    await said(new RegExp(`^Order ${number} .* is in the till, \\d+\\.\\d s after`));
    const inTill = tillView().locator(`[data-reference="${number}"]`);
    await inTill.getByText('Paid', { exact: true }).waitFor();
    const written = await writtenAttempt(number);
    const [noticed, settled] = (['notice', 'settle'] as const).map((wanted) =>
      Date.parse(written.stages.find(({ stage }) => stage === wanted)?.at ?? ''),
    );
    expect((settled ?? Number.NaN) - (noticed ?? Number.NaN)).toBeLessThan(5_000);

    await app.getByRole('link', { name: 'Activity' }).click();
    await app.getByLabel('Order number or number in the till').fill(number);
    await app.getByRole('link', { name: number, exact: true }).click();
    await app.getByRole('heading', { name: `Order ${number}` }).waitFor();
    const attempt = app.locator('details.attempt', { hasText: 'What was written' });
    if ((await attempt.getAttribute('open')) === null) await attempt.locator('summary').first().click();
    const line = attempt.getByRole('list', { name: 'Stages of this attempt' });
    await line.getByText('Settled').waitFor();
    for (const stage of stages) expect(await line.getByText(stage, { exact: true }).count()).toBe(1);
    expect(await line.getByText('not reached').count()).toBe(0);
    await attempt.getByText(/^Read back: all \d+ checks agree\.$/).waitFor();
    await attempt.getByRole('columnheader', { name: 'Where it comes from' }).first().waitFor();
    const exchange = attempt.locator('.exchange', { hasText: /MplusKASSA · createOrder/ });
    await exchange.locator('summary').click();
    await exchange.getByText('Secrets and personal data are masked.').waitFor();
    await exchange.getByText('extOrderId').first().waitFor();
    expect(await attempt.textContent()).not.toContain(sandbox.till.secret);
    await line.scrollIntoViewIfNeeded();
    await picture('5-timeline-light');

    await page.emulateMedia({ colorScheme: 'dark' });
    await app.locator('html[data-theme=dark]').waitFor();
    await picture('6-timeline-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('#till').scrollIntoViewIfNeeded();
    await inTill.waitFor();
    await drawn(/\/till$/);
    await picture('7-till-phone-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.locator('h1').scrollIntoViewIfNeeded();
    await app.locator('html[data-theme=light]').waitFor();
    await picture('8-phone-light');

    expectPeace();
  }, 120_000);

  it('lets the sandbox set up with one press, by keyboard alone, and sees outages pass', async () => {
    const { page } = opened;
    await visit();
    const focus = async (name: string): Promise<void> => {
      const wanted = page.getByRole('button', { name }).or(page.getByRole('switch', { name })).and(page.locator(':focus'));
      for (let presses = 0; presses < 12; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await wanted.count()) > 0) return;
      }
      throw new Error(`Tab does not reach "${name}"`);
    };
    await focus('Connect and switch on for me');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '✓ Connected and switched on' }).waitFor();
    await focus('Place a paid order');
    await page.keyboard.press('Enter');
    await said(/ is in the till, /);

    await focus('Till is away');
    await page.keyboard.press('Space');
    await tillView().getByText('The till is away: whoever calls it').waitFor();
    const during = await place('Place a paid order');
    await said(/ waits: the till is away\./);
    await page.getByRole('switch', { name: 'Till is away' }).focus();
    await page.keyboard.press('Space');
    await tillView().locator(`[data-reference="${during}"]`).waitFor({ timeout: foundByLookingMs });

    await page.getByRole('switch', { name: 'Webhooks are lost' }).focus();
    await page.keyboard.press('Space');
    const unheard = await place('Place a paid order');
    await tillView().locator(`[data-reference="${unheard}"]`).waitFor({ timeout: foundByLookingMs });

    await place('Order with an unknown article');
    await said(/ is parked: The till has no article 4711/);
    expect(opened.complaints).toEqual([]);
  }, 180_000);

  it('sees the same happen from an Ecwid store', async () => {
    await visit('Ecwid');
    const app = tillbridge('Ecwid');
    await connectForMe();
    const number = await place('Place a paid order');
    await said(new RegExp(`^Order ${number} .* is in the till, `));
    await tillView().locator(`[data-reference="${number}"]`).waitFor();
    await app.getByRole('link', { name: 'Activity' }).click();
    await app.getByRole('link', { name: number, exact: true }).waitFor();
    await picture('9-ecwid');
    expectPeace();
  }, 120_000);

  it('finds that nobody but the shop can show Tillbridge in a frame', async () => {
    const { page, sandbox } = opened;
    const frameUrl = (await sandbox.shops[0]?.frameUrl()) ?? '';
    const { headers } = await fetch(frameUrl);
    expect(headers.get('content-security-policy')).toContain(`frame-ancestors ${sandbox.shops[0]?.url}`);

    const stranger = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(`<!doctype html><iframe src="${frameUrl.replaceAll('&', '&amp;')}"></iframe>`);
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    try {
      const refusal = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
      await page.goto(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`);
      await refusal;
      expect(await page.frameLocator('iframe').getByRole('heading').count()).toBe(0);
    } finally {
      stranger.closeAllConnections();
      await new Promise((resolve) => stranger.close(resolve));
    }
  });
});
