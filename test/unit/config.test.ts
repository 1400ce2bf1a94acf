import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, readConfig } from '../../app-server/config.ts';

const shopware = { SHOPWARE_APP_NAME: 'Tillbridge', SHOPWARE_APP_SECRET: 'shopware-app-secret' };
const ecwid = { ECWID_CLIENT_ID: 'custom-app-1-1', ECWID_CLIENT_SECRET: 'ecwid-client-secret-0123456789' };
const production = {
  ...shopware,
  NODE_ENV: 'production',
  APP_URL: 'https://bridge.example.com/',
  MONGODB_URI: 'mongodb://db.example.com/tillbridge',
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  JWT_SECRET: 'x'.repeat(40),
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'tillbridge-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function good(environment: Record<string, string | undefined>): Config {
  const read = readConfig({ DATA_DIR: dir, ...environment });
  if (!read.ok) throw new Error(read.problems.join(' '));
  return read.config;
}

function problems(environment: Record<string, string | undefined>): readonly string[] {
  const read = readConfig({ DATA_DIR: dir, ...environment });
  return read.ok ? [] : read.problems;
}

describe('the configuration', () => {
  it('starts with the shop platform alone', () => {
    expect(good(shopware)).toMatchObject({
      production: false,
      appUrl: 'http://localhost:3000',
      port: 3000,
      mongodbUri: undefined,
      shopware: { appName: 'Tillbridge', appSecret: 'shopware-app-secret' },
      ecwid: undefined,
      roles: { web: true, worker: true },
      logLevel: 'info',
      allowPrivateHosts: false,
      pollEveryMs: undefined,
    });
    expect(readConfig(production)).toMatchObject({ ok: true, config: { dataDir: './.data' } });
  });

  it('makes up secrets once and keeps them for the owner alone', () => {
    const first = good(shopware);
    expect(first.encryptionKeys).toHaveLength(1);
    expect(first.jwtSecret.length).toBeGreaterThanOrEqual(32);
    expect(statSync(path.join(dir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(good(shopware)).toEqual(first);
  });

  it('prefers the given secret to the one it made up', () => {
    const made = good(shopware);
    const given = good({ ...shopware, JWT_SECRET: 'y'.repeat(32) });
    expect(given.jwtSecret).toBe('y'.repeat(32));
    expect(given.encryptionKeys).toEqual(made.encryptionKeys);
  });

  it('says so when the kept secrets are unreadable, rather than making new ones that open nothing', () => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(path.join(dir, 'secrets.json'), '{ "half');
    expect(problems(shopware)).toEqual([
      expect.stringMatching(/secrets\.json cannot be read or written .*ENCRYPTION_KEYS and JWT_SECRET/s),
    ]);
  });

  it('makes nothing up in production and lists everything that is missing at once', () => {
    const list = problems({ ...shopware, NODE_ENV: 'production', PORT: 'eighty' });
    for (const name of ['APP_URL', 'MONGODB_URI', 'ENCRYPTION_KEYS', 'JWT_SECRET', 'PORT']) {
      expect(list.filter((problem) => problem.startsWith(name))).toHaveLength(1);
    }
    expect(() => statSync(path.join(dir, 'secrets.json'))).toThrow();
    expect(good(production)).toMatchObject({ production: true, appUrl: 'https://bridge.example.com', mongodbUri: production.MONGODB_URI });
  });

  it('wants https in production', () => {
    expect(problems({ ...production, APP_URL: 'http://bridge.example.com' })).toEqual(['APP_URL must start with https:// in production.']);
  });

  it('leaves a platform off whose names are both absent, and complains about one alone', () => {
    expect(good(ecwid)).toMatchObject({ shopware: undefined, ecwid: { clientId: 'custom-app-1-1' } });
    expect(problems({ ...shopware, ECWID_CLIENT_ID: 'custom-app-1-1' })).toEqual([
      expect.stringContaining('ECWID_CLIENT_SECRET is missing'),
    ]);
    expect(problems({ ...ecwid, SHOPWARE_APP_SECRET: 's' })).toEqual([expect.stringContaining('SHOPWARE_APP_NAME is missing')]);
    expect(problems({})).toEqual([expect.stringContaining('No shop platform is set up')]);
  });

  it('takes an empty variable for an absent one', () => {
    expect(good({ ...shopware, PORT: '', MONGODB_URI: ' ', ECWID_CLIENT_ID: '' })).toMatchObject({ port: 3000, mongodbUri: undefined });
  });

  it('reads addresses, origins, roles and switches', () => {
    const config = good({
      ...ecwid,
      ECWID_API_BASE_URL: 'http://127.0.0.1:4000/api/v3/',
      ...shopware,
      SHOPWARE_FRAME_ANCESTORS: 'https://admin.example https://*.hosting.example:8443',
      ECWID_FRAME_ANCESTORS: 'https://my.ecwid.com, https://*.reseller.example',
      ROLE: 'worker',
      ALLOW_PRIVATE_HOSTS: '1',
      PORT: '0',
      POLL_EVERY_MS: '2000',
    });
    expect(config).toMatchObject({
      shopware: { frameAncestors: ['https://admin.example', 'https://*.hosting.example:8443'] },
      ecwid: { apiBaseUrl: 'http://127.0.0.1:4000/api/v3', frameAncestors: ['https://my.ecwid.com', 'https://*.reseller.example'] },
      roles: { web: false, worker: true },
      allowPrivateHosts: true,
      port: 0,
      pollEveryMs: 2000,
    });
  });

  it.each([
    ['APP_URL', 'bridge.example.com'],
    ['PORT', '70000'],
    ['MONGODB_URI', 'postgres://db'],
    ['ENCRYPTION_KEYS', 'k1:c2hvcnQ='],
    ['JWT_SECRET', 'short'],
    ['ECWID_FRAME_ANCESTORS', "https://a.example; script-src 'none'"],
    ['SHOPWARE_FRAME_ANCESTORS', 'admin.example'],
    ['SMTP_URL', 'mail.example.com'],
    ['ROLE', 'boss'],
    ['LOG_LEVEL', 'loud'],
    ['ALLOW_PRIVATE_HOSTS', 'maybe'],
    ['POLL_EVERY_MS', '1.5'],
  ])('names %s when it is wrong, without repeating its value', (name, value) => {
    const list = problems({ ...shopware, [name]: value });
    expect(list).toHaveLength(1);
    expect(list[0]).toMatch(new RegExp(`^${name} must .*\\.$`));
    expect(list[0]).not.toContain(value);
  });
});
