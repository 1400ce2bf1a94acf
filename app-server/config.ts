/** The environment, read in one place. A bad one is a list that a person can act on. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type EncryptionKey, parseEncryptionKeys } from './store/vault.ts';

export interface Config {
  readonly production: boolean;
  /** Public base address without a slash at the end. */
  readonly appUrl: string;
  readonly port: number;
  readonly host: string | undefined;
  /** Absent: the embedded database on `dataDir`. */
  readonly mongodbUri: string | undefined;
  /** The first seals, all open. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly jwtSecret: string;
  /** Absent: no Shopware app. */
  readonly shopware: ShopwareConfig | undefined;
  /** Absent: no Ecwid app. */
  readonly ecwid: EcwidConfig | undefined;
  readonly mailchimp: SystemConfig & { readonly loginBaseUrl?: string };
  readonly lightspeed: Omit<SystemConfig, 'apiBaseUrl'> & {
    readonly ecomApiBaseUrl?: string;
    /** With `{domain_prefix}` in it. */
    readonly retailApiBaseUrl?: string;
    readonly retailConnectUrl?: string;
    /** Milliseconds. */
    readonly retailSearchLagMs?: number;
  };
  readonly smtpUrl: string | undefined;
  readonly roles: { readonly web: boolean; readonly worker: boolean };
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly allowPrivateHosts: boolean;
  readonly dataDir: string;
  /** Replaces every connector's own poll interval. */
  readonly pollEveryMs: number | undefined;
  /** How long the records of a worker that died are kept from the others. Milliseconds. */
  readonly leaseMs: number;
  /** Proxies in front of this server, whose word on the caller's address is taken. */
  readonly trustProxy: number;
  /** Opens /metrics to others than this machine. */
  readonly metricsToken: string | undefined;
}

export interface ShopwareConfig {
  readonly appName: string;
  readonly appSecret: string;
  /** Origins whose administration may frame the app, besides the shop's own. */
  readonly frameAncestors?: readonly string[];
}

export interface EcwidConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Absent addresses: the Ecwid app's own defaults. */
  readonly apiBaseUrl?: string;
  readonly oauthBaseUrl?: string;
  /** The control panel's script for size and navigation. */
  readonly appScriptUrl?: string;
  /** Origins of the control panels that may frame the app. */
  readonly frameAncestors?: readonly string[];
}

/** A system that merchants connect. Without a client of ours there they enter credentials; absent addresses are the real ones. */
interface SystemConfig {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** May have a part of the account in it: `{dc}`. */
  readonly apiBaseUrl?: string;
}

export type ReadConfig =
  | { readonly ok: true; readonly config: Config; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

const webAddress = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an address that starts with https:// or http://',
  )
  .transform((text) => text.replace(/\/+$/, ''));
/** An address in which the part that depends on the account may stand in braces. */
const templateAddress = (part: string) =>
  z
    .string()
    .refine((text) => webAddress.safeParse(text.replaceAll(part, 'part')).success, `must be an address; ${part} may stand in it`)
    .transform((text) => text.replace(/\/+$/, ''));
const flag = z
  .string()
  .regex(/^(1|0|true|false|yes|no)$/i, 'must be 1 or 0')
  .transform((text) => /^(1|true|yes)$/i.test(text));
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);
const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((origin) => origin !== ''))
  .refine(
    (list) => list.length > 0 && list.every((origin) => /^https?:\/\/(\*\.)?[A-Za-z0-9.-]+(:\d+)?$/.test(origin)),
    'must be a list of origins such as https://my.ecwid.com, separated by commas',
  );
const keys = z.string().transform((text, context) => {
  try {
    return parseEncryptionKeys(text);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `must be id:base64 of 32 bytes each, separated by commas: ${what}` });
    return z.NEVER;
  }
});

const Environment = z.object({
  NODE_ENV: z.string().optional(),
  APP_URL: webAddress.optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/./, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  ENCRYPTION_KEYS: keys.optional(),
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  SHOPWARE_APP_NAME: z.string().optional(),
  SHOPWARE_APP_SECRET: z.string().optional(),
  SHOPWARE_FRAME_ANCESTORS: origins.optional(),
  ECWID_CLIENT_ID: z.string().optional(),
  ECWID_CLIENT_SECRET: z.string().min(16, 'must have at least 16 characters: its first 16 decrypt the payload').optional(),
  ECWID_API_BASE_URL: webAddress.optional(),
  ECWID_OAUTH_BASE_URL: webAddress.optional(),
  ECWID_APP_SCRIPT_URL: webAddress.optional(),
  ECWID_FRAME_ANCESTORS: origins.optional(),
  MAILCHIMP_CLIENT_ID: z.string().optional(),
  MAILCHIMP_CLIENT_SECRET: z.string().optional(),
  MAILCHIMP_API_BASE_URL: templateAddress('{dc}').optional(),
  MAILCHIMP_LOGIN_BASE_URL: webAddress.optional(),
  LIGHTSPEED_CLIENT_ID: z.string().optional(),
  LIGHTSPEED_CLIENT_SECRET: z.string().optional(),
  LIGHTSPEED_ECOM_API_BASE_URL: webAddress.optional(),
  LIGHTSPEED_RETAIL_API_BASE_URL: templateAddress('{domain_prefix}').optional(),
  LIGHTSPEED_RETAIL_CONNECT_URL: webAddress.optional(),
  LIGHTSPEED_RETAIL_SEARCH_LAG_MS: wholeNumber(0, 3_600_000).optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/./, 'must start with smtp:// or smtps://')
    .optional(),
  ROLE: z.enum(['web', 'worker', 'both'], 'must be web, worker or both').default('both'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be fatal, error, warn, info, debug, trace or silent')
    .default('info'),
  ALLOW_PRIVATE_HOSTS: flag.default(false),
  DATA_DIR: z.string().default('./.data'),
  POLL_EVERY_MS: wholeNumber(100, 86_400_000).optional(),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  LEASE_MS: wholeNumber(500, 3_600_000).default(120_000),
});
type Environment = z.infer<typeof Environment>;

/**
 * Reads the environment; an empty variable counts as absent. In production (`NODE_ENV=production`) a missing secret or database is a
 * problem; elsewhere secrets are made up once and kept in `DATA_DIR/secrets.json`, readable by the owner alone.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ReadConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = Environment.safeParse(given);
  // What is missing is found among the good values as well, so that one list names everything.
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`);
  const problems = [...wrong, ...missing(given)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems };

  const env = parsed.data;
  const notes: string[] = [];
  let made: Secrets | undefined;
  if (!env.ENCRYPTION_KEYS || !env.JWT_SECRET) {
    const file = path.join(env.DATA_DIR, 'secrets.json');
    try {
      made = keptSecrets(file);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      return { ok: false, problems: [`The secrets in ${file} cannot be read or written (${what}). Set ENCRYPTION_KEYS and JWT_SECRET.`] };
    }
    notes.push(`ENCRYPTION_KEYS or JWT_SECRET is not set: made up and kept in ${file}. Never do this in production.`);
  }
  const encryptionKeys = env.ENCRYPTION_KEYS ?? made?.encryptionKeys ?? [];
  const jwtSecret = env.JWT_SECRET ?? made?.jwtSecret ?? '';
  return { ok: true, notes, config: configOf(env, { encryptionKeys, jwtSecret }) };
}

function configOf(env: Environment, secrets: Secrets): Config {
  return {
    production: env.NODE_ENV === 'production',
    appUrl: env.APP_URL ?? `http://localhost:${env.PORT}`,
    port: env.PORT,
    host: env.HOST,
    mongodbUri: env.MONGODB_URI,
    ...secrets,
    shopware:
      env.SHOPWARE_APP_NAME && env.SHOPWARE_APP_SECRET
        ? {
            appName: env.SHOPWARE_APP_NAME,
            appSecret: env.SHOPWARE_APP_SECRET,
            ...(env.SHOPWARE_FRAME_ANCESTORS && { frameAncestors: env.SHOPWARE_FRAME_ANCESTORS }),
          }
        : undefined,
    ecwid:
      env.ECWID_CLIENT_ID && env.ECWID_CLIENT_SECRET
        ? {
            clientId: env.ECWID_CLIENT_ID,
            clientSecret: env.ECWID_CLIENT_SECRET,
            ...(env.ECWID_API_BASE_URL !== undefined && { apiBaseUrl: env.ECWID_API_BASE_URL }),
            ...(env.ECWID_OAUTH_BASE_URL !== undefined && { oauthBaseUrl: env.ECWID_OAUTH_BASE_URL }),
            ...(env.ECWID_APP_SCRIPT_URL !== undefined && { appScriptUrl: env.ECWID_APP_SCRIPT_URL }),
            ...(env.ECWID_FRAME_ANCESTORS && { frameAncestors: env.ECWID_FRAME_ANCESTORS }),
          }
        : undefined,
    mailchimp: {
      ...(env.MAILCHIMP_CLIENT_ID && { clientId: env.MAILCHIMP_CLIENT_ID }),
      ...(env.MAILCHIMP_CLIENT_SECRET && { clientSecret: env.MAILCHIMP_CLIENT_SECRET }),
      ...(env.MAILCHIMP_API_BASE_URL && { apiBaseUrl: env.MAILCHIMP_API_BASE_URL }),
      ...(env.MAILCHIMP_LOGIN_BASE_URL && { loginBaseUrl: env.MAILCHIMP_LOGIN_BASE_URL }),
    },
    lightspeed: {
      ...(env.LIGHTSPEED_CLIENT_ID && { clientId: env.LIGHTSPEED_CLIENT_ID }),
      ...(env.LIGHTSPEED_CLIENT_SECRET && { clientSecret: env.LIGHTSPEED_CLIENT_SECRET }),
      ...(env.LIGHTSPEED_ECOM_API_BASE_URL && { ecomApiBaseUrl: env.LIGHTSPEED_ECOM_API_BASE_URL }),
      ...(env.LIGHTSPEED_RETAIL_API_BASE_URL && { retailApiBaseUrl: env.LIGHTSPEED_RETAIL_API_BASE_URL }),
      ...(env.LIGHTSPEED_RETAIL_CONNECT_URL && { retailConnectUrl: env.LIGHTSPEED_RETAIL_CONNECT_URL }),
      ...(env.LIGHTSPEED_RETAIL_SEARCH_LAG_MS !== undefined && { retailSearchLagMs: env.LIGHTSPEED_RETAIL_SEARCH_LAG_MS }),
    },
    smtpUrl: env.SMTP_URL,
    roles: { web: env.ROLE !== 'worker', worker: env.ROLE !== 'web' },
    logLevel: env.LOG_LEVEL,
    allowPrivateHosts: env.ALLOW_PRIVATE_HOSTS,
    dataDir: env.DATA_DIR,
    pollEveryMs: env.POLL_EVERY_MS,
    leaseMs: env.LEASE_MS,
    trustProxy: env.TRUST_PROXY,
    metricsToken: env.METRICS_TOKEN,
  };
}

function missing(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const problems: string[] = [];
  const needed = (name: string, what: string): void => {
    if (given[name] === undefined) problems.push(`${name} is missing: ${what}.`);
  };
  const bothOrNone = (first: string, second: string): boolean => {
    const [only, other] = given[first] === undefined ? [second, first] : [first, second];
    if (given[only] !== undefined && given[other] === undefined)
      problems.push(`${other} is missing: ${only} is set, and both belong together.`);
    return given[only] !== undefined;
  };
  const apps = [bothOrNone('SHOPWARE_APP_NAME', 'SHOPWARE_APP_SECRET'), bothOrNone('ECWID_CLIENT_ID', 'ECWID_CLIENT_SECRET')];
  bothOrNone('MAILCHIMP_CLIENT_ID', 'MAILCHIMP_CLIENT_SECRET');
  bothOrNone('LIGHTSPEED_CLIENT_ID', 'LIGHTSPEED_CLIENT_SECRET');
  if (!apps.includes(true)) {
    problems.push('No shop platform is set up: set SHOPWARE_APP_NAME and SHOPWARE_APP_SECRET, or ECWID_CLIENT_ID and ECWID_CLIENT_SECRET.');
  }
  if (given.NODE_ENV === 'production') {
    needed('APP_URL', 'the public address of this server, starting with https://');
    needed('MONGODB_URI', 'the address of a MongoDB server; the embedded database is not for production');
    needed('ENCRYPTION_KEYS', 'id:base64 of 32 random bytes, the key that seals stored credentials');
    needed('JWT_SECRET', 'at least 32 random characters that sign the sessions of the screens');
    if (given.APP_URL?.startsWith('http://')) problems.push('APP_URL must start with https:// in production.');
  }
  return problems;
}

type Secrets = Pick<Config, 'encryptionKeys' | 'jwtSecret'>;

const SecretsFile = z.object({ encryptionKeys: z.string(), jwtSecret: z.string().min(32) });

/** Reads the file, or writes it first; of two processes that start together the one that writes first decides for both. */
function keptSecrets(file: string): Secrets {
  const fresh = { encryptionKeys: `local:${randomBytes(32).toString('base64')}`, jwtSecret: randomBytes(32).toString('base64') };
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${JSON.stringify(fresh, undefined, 2)}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const kept = SecretsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { encryptionKeys: parseEncryptionKeys(kept.encryptionKeys), jwtSecret: kept.jwtSecret };
}
