import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { lifecycleEvents, readingOf } from '../../shopware-app/events.ts';
import { renderManifest } from '../../shopware-app/manifest.ts';

const file = fileURLToPath(new URL('../../manifest.xml', import.meta.url));
const text = readFileSync(file, 'utf8');
const schemas = ['manifest-2.0.trunk-2024-10.xsd', 'manifest-3.0.xsd'].map((name) =>
  fileURLToPath(new URL(`../../../shared/contracts/data/shopware/${name}`, import.meta.url)),
);

interface Webhook {
  readonly '@name': string;
  readonly '@url': string;
  readonly '@event': string;
  readonly '@onlyLiveVersion'?: string;
}
const { manifest } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false }).parse(text) as {
  manifest: {
    meta: {
      name: string;
      description: [string, { '#text': string; '@lang': string }];
      label: unknown[];
      compatibility: string;
      icon: string;
    };
    setup: Record<string, string>;
    permissions: Record<string, string[]>;
    webhooks: { webhook: Webhook[] };
  };
};
const webhooks = manifest.webhooks.webhook;

describe('manifest.xml', () => {
  it.runIf(schemas.every((schema) => existsSync(schema)))('is valid for 6.6 and for 6.7', async () => {
    for (const schema of schemas) {
      const { errors } = await validateXML({ xml: text, schema: readFileSync(schema, 'utf8') });
      expect(errors).toEqual([]);
    }
    const { valid } = await validateXML({ xml: text.replace('<setup>', '<set-up>'), schema: readFileSync(schemas[0] ?? '', 'utf8') });
    expect(valid).toBe(false);
  });

  it('describes the app in two languages at the length that the Store asks for, without a secret', () => {
    const [english, german] = manifest.meta.description;
    for (const description of [english, german['#text']]) {
      expect(description.length).toBeGreaterThanOrEqual(150);
      expect(description.length).toBeLessThanOrEqual(185);
    }
    expect(german['@lang']).toBe('de-DE');
    expect(manifest.meta.label).toHaveLength(2);
    expect(Object.keys(manifest.setup)).toEqual(['registrationUrl']);
    expect(text).not.toContain('<requirements');
  });

  it('sends every event to one address, each under a name of its own', () => {
    expect(new Set(webhooks.map((webhook) => webhook['@name'])).size).toBe(webhooks.length);
    expect(new Set(webhooks.map((webhook) => webhook['@url']))).toEqual(new Set(['https://app.tillbridge.example/shopware/hooks']));
    expect(new Set(webhooks.map((webhook) => webhook['@event'])).size).toBe(webhooks.length);
  });

  it('asks for no event that the app does not use', () => {
    for (const webhook of webhooks) {
      const event = webhook['@event'];
      if ((lifecycleEvents as readonly string[]).includes(event)) continue;
      expect([event, readingOf({ data: { event, payload: {} }, source: { shopId: 'x' } })]).not.toEqual([event, 'unknown']);
    }
    for (const event of lifecycleEvents) expect(webhooks.map((webhook) => webhook['@event'])).toContain(event);
  });

  it('asks for live versions only where records have versions; customers have none and would never come', () => {
    const live = Object.fromEntries(
      webhooks
        .filter((webhook) => webhook['@event'].endsWith('.written'))
        .map((webhook) => [webhook['@event'], webhook['@onlyLiveVersion'] ?? 'false']),
    );
    expect(live).toEqual({ 'order.written': 'true', 'product.written': 'true', 'customer.written': 'false' });
  });

  it('asks to write the catalogue, to sign people off and never up, and to delete nothing but what a product is tied to', () => {
    const { create = [], update = [], delete: remove = [] } = manifest.permissions;
    expect(Object.keys(manifest.permissions).sort()).toEqual(['create', 'delete', 'read', 'update']);
    expect(update).toContain('newsletter_recipient');
    for (const entity of [...create, ...update.filter((entity) => entity !== 'newsletter_recipient')])
      expect(entity).toMatch(/^(product|property_group|category|unit)/);
    expect([...remove].sort()).toEqual([
      'product_category',
      'product_configurator_setting',
      'product_option',
      'product_property',
      'product_visibility',
    ]);
  });
});

describe('a manifest for another server', () => {
  it('moves every address, and may bear another name and a development secret', () => {
    const moved = renderManifest(text, { appUrl: 'http://localhost:3000/', appName: 'Bridge', secret: 'a<b&c' });
    expect(moved).not.toContain('tillbridge.example');
    expect(moved).toContain('<registrationUrl>http://localhost:3000/shopware/register</registrationUrl>');
    expect(moved).toContain('<secret>a&lt;b&amp;c</secret>');
    expect(moved).toContain('<name>Bridge</name>');
    expect(renderManifest(text, { appUrl: 'https://app.tillbridge.example' })).toBe(text);
  });

  it('refuses an address with a query, which would break the proof', () => {
    expect(() => renderManifest(text, { appUrl: 'https://x.example/?a=1' })).toThrow(RangeError);
    expect(() => renderManifest(text, { appUrl: 'app.example' })).toThrow(RangeError);
  });

  it('goes into a folder with the picture that it names, as large as the Store wants it', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'tillbridge-app-'));
    try {
      const script = fileURLToPath(new URL('../../shopware-app/print-manifest.ts', import.meta.url));
      execFileSync(process.execPath, ['--import', 'tsx', script, '--app-url', 'https://x.example', '--folder', folder]);
      expect(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toHaveLength(2);
      expect(readFileSync(path.join(folder, 'manifest.xml'), 'utf8')).toBe(renderManifest(text, { appUrl: 'https://x.example' }));
      const icon = readFileSync(path.join(folder, manifest.meta.icon));
      expect(icon.subarray(1, 4).toString('latin1')).toBe('PNG');
      const [width, height] = [icon.readUInt32BE(16), icon.readUInt32BE(20)];
      expect(width).toBe(height);
      expect(width).toBeGreaterThanOrEqual(112);
      expect(width).toBeLessThanOrEqual(256);
      expect(icon.length).toBeLessThanOrEqual(30 * 1024);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
