import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { openBrowser } from './chromium.ts';

const pictures = fileURLToPath(new URL('../../test-results/', import.meta.url));
const patienceMs = 15_000;
/** The sandbox polls every five seconds, and a stock run may have to wait for its turn. */
const publishedMs = 30_000;

let browser: Browser;
let dataDir: string;
let sandbox: Sandbox;
let page: Page;
/** What the browser complained about. */
let complaints: string[];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  dataDir = mkdtempSync(path.join(tmpdir(), 'tillbridge-catalogue-'));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  sandbox = await openSandbox({ dataDir, quiet: true });
  const context = await browser.newContext({ viewport: { width: 1440, height: 1100 }, colorScheme: 'light', locale: 'en-GB' });
  context.setDefaultTimeout(patienceMs);
  page = await context.newPage();
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await picture('failed');
  await page?.context().close();
  await sandbox?.stop();
});

const picture = (name: string) => page.screenshot({ path: path.join(pictures, `catalogue-${name}.png`) });
const shopAdmin = (): FrameLocator => page.frameLocator('#shop');
const tillbridge = (): FrameLocator => shopAdmin().frameLocator('#app-content');
const tillView = (): FrameLocator => page.frameLocator('#till');
const cardOf = (flow: string): Locator => tillbridge().getByRole('region', { name: flow, exact: true });
const importOf = (flow: string): Locator => cardOf(flow).getByRole('region', { name: 'First import' });

/** Chooses what shall flow as well, and takes the suggested settings. */
async function setUp(flow: string): Promise<void> {
  const app = tillbridge();
  await app.getByRole('link', { name: 'Overview' }).click();
  await app.getByRole('button', { name: flow, exact: true }).click();
  await app.getByRole('button', { name: 'Save settings' }).click();
  await app.getByText('Settings saved.').waitFor();
  await app.getByRole('link', { name: 'Overview' }).click();
  await cardOf(flow).waitFor();
}

async function look(flow: string): Promise<void> {
  await importOf(flow).getByRole('button', { name: 'Look first' }).click();
  await importOf(flow).getByRole('status').filter({ hasText: 'This would happen' }).waitFor();
}

async function bringIn(flow: string): Promise<void> {
  await cardOf(flow).getByRole('button', { name: 'Switch on' }).click();
  await importOf(flow).getByRole('button', { name: 'Import now' }).click();
  await importOf(flow).getByRole('status').filter({ hasText: 'The import is complete' }).waitFor({ timeout: publishedMs });
}

/** What the shop shows on its own page of products. */
const inShop = (number: string): Locator => shopAdmin().locator(`[data-product="${number}"]`);

describe('a merchant whose goods are in the till', () => {
  it('looks first, imports them into the shop, and sees a sale in the till change the stock in the shop', async () => {
    await page.goto(sandbox.url);
    await tillbridge().getByRole('heading', { name: 'Set up in four steps' }).waitFor();
    await page.getByRole('button', { name: 'Connect and switch on for me' }).click();
    await page.getByRole('button', { name: '✓ Connected and switched on' }).waitFor();

    const products = 'Products: MplusKASSA → Your shop';
    await setUp(products);
    await look(products);
    const expected = importOf(products).getByRole('listitem');
    await expected.filter({ hasText: /^\d+ new$/ }).waitFor();
    await expected.filter({ hasText: /^\d+ left out$/ }).waitFor();
    expect(await expected.filter({ hasText: 'problem' }).count()).toBe(0);
    await importOf(products).scrollIntoViewIfNeeded();
    await picture('1-preview');
    expect(await inShop('2015').count()).toBe(0);

    await bringIn(products);
    await picture('2-imported');
    expect(await cardOf(products).getByText('Needs your attention').count()).toBe(0);

    const stock = 'Stock: MplusKASSA → Your shop';
    await setUp(stock);
    await look(stock);
    await bringIn(stock);
    await picture('3-stock');

    await shopAdmin().getByRole('button', { name: 'Products' }).click();
    const board = inShop('2015');
    await board.getByText('Walnut board').waitFor();
    const stockCell = board.getByRole('cell').nth(2);
    await stockCell.getByText('9', { exact: true }).waitFor({ timeout: publishedMs });
    expect(await inShop('2018').count()).toBe(0);
    await inShop('2001').getByText('Sweater "Wad"').waitFor();
    await tillView().getByRole('button', { name: 'Sell one Walnut board' }).click();
    await stockCell.getByText('8', { exact: true }).waitFor({ timeout: publishedMs });
    await board.scrollIntoViewIfNeeded();
    await picture('4-sold');

    expect(complaints).toEqual([]);
    expect(sandbox.warnings).toEqual([]);
    expect(sandbox.till.unexpected).toEqual([]);
    expect(sandbox.shops.flatMap((shop) => shop.unexpected())).toEqual([]);
  }, 180_000);
});
