/** What the browser suites of the sandbox begin with: the sandbox, a page in a browser, and what the merchant sees on it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { openBrowser } from './chromium.ts';

const pictures = fileURLToPath(new URL('../../test-results/', import.meta.url));
const patienceMs = 15_000;
/** For what only looking at a system finds: the sandbox polls every five seconds, and machines are busy. */
export const foundByLookingMs = 60_000;

/** The shop whose admin stands on the page. */
export type Platform = 'Shopware' | 'Ecwid';

export interface OpenedSandbox {
  readonly sandbox: Sandbox;
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: readonly string[];
  picture(name: string): Promise<unknown>;
  shopAdmin(): FrameLocator;
  tillView(): FrameLocator;
  /** Brings one of the other systems' pages into view, by the name on its tab. */
  view(system: 'Mailchimp' | 'Lightspeed Retail' | 'Lightspeed eCom'): Promise<FrameLocator>;
  /** Tillbridge in the frame of the shop's admin. */
  tillbridge(platform?: Platform): FrameLocator;
  /** Opens the page, at this shop. */
  visit(platform?: Platform): Promise<void>;
  connectForMe(): Promise<void>;
  /** Nobody complained: not the browser, not the product, not a simulated system. */
  expectPeace(): void;
}

const frames: Readonly<Record<Platform, string>> = { Shopware: '#app-content', Ecwid: '#app' };

/** Runs in the browser; waits for what moves and comes to an end. */
const stillness = `Promise.allSettled(
  document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime)).map(({ finished }) => finished),
)`;

/** A new sandbox and a new page for each test of the file that calls this at its top. `name` begins the names of its pictures. */
export function sandboxOfEachTest(name: string, viewport: { width: number; height: number }): OpenedSandbox {
  let browser: Browser;
  let dataDir: string;
  let sandbox: Sandbox;
  let page: Page;
  let complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    dataDir = mkdtempSync(path.join(tmpdir(), 'tillbridge-browser-'));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    sandbox = await openSandbox({ dataDir, quiet: true });
    const context = await browser.newContext({ viewport, colorScheme: 'light', locale: 'en-GB' });
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

  async function picture(of: string): Promise<void> {
    // A colour on its way from light to dark is neither.
    await Promise.allSettled(page.frames().map((frame) => frame.evaluate(stillness)));
    await page.screenshot({ path: path.join(pictures, `${name}${of}.png`) });
  }
  const shopAdmin = (): FrameLocator => page.frameLocator('#shop');
  const tillbridge = (platform: Platform = 'Shopware'): FrameLocator => shopAdmin().frameLocator(frames[platform]);

  return {
    get sandbox() {
      return sandbox;
    },
    get page() {
      return page;
    },
    get complaints() {
      return complaints;
    },
    picture,
    shopAdmin,
    tillView: () => page.frameLocator('#till'),
    async view(system) {
      await page.getByRole('group', { name: 'System' }).getByRole('button', { name: system }).click();
      return page.frameLocator(`iframe[title="${system}"]`);
    },
    tillbridge,
    async visit(platform = 'Shopware') {
      if (page.url() !== sandbox.url) await page.goto(sandbox.url);
      if (platform !== 'Shopware') await page.getByRole('button', { name: platform }).click();
      await tillbridge(platform).getByRole('heading', { name: 'Set up in four steps' }).waitFor();
    },
    async connectForMe() {
      await page.getByRole('button', { name: 'Connect and switch on for me' }).click();
      await page.getByRole('button', { name: '✓ Connected and switched on' }).waitFor();
    },
    expectPeace() {
      expect(complaints).toEqual([]);
      expect(sandbox.warnings).toEqual([]);
      expect([...sandbox.till.unexpected, ...sandbox.systems.unexpected()]).toEqual([]);
      expect(sandbox.shops.flatMap((shop) => shop.unexpected())).toEqual([]);
    },
  };
}
