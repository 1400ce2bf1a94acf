/** One Mailchimp account: log-in, Marketing API, webhooks, results of batches, and the sandbox page. */
import { randomBytes } from 'node:crypto';
import { type SimRequest, type SimResponse, startFaultyServer } from '../shared/faulty-server.ts';
import { seededRandom } from '../shared/seeded-random.ts';
import { type Account, stamp } from './account.ts';
import { createApi, type Traffic } from './api.ts';
import { startArchive } from './archive.ts';
import { createAudience } from './audience.ts';
import { createBatches } from './batches.ts';
import { createControls } from './controls.ts';
import { codeFor, type Login, loginAnswer, newToken } from './login.ts';
import { sandboxAnswer } from './sandbox-page.ts';
import type { ApiRequest, BatchMode, Behaviour, MailchimpOptions, MailchimpSimulator } from './surface.ts';
import { createWebhooks } from './webhooks.ts';

export type * from './surface.ts';

const defaults = (): Behaviour => ({
  connections: 10,
  overload: 'problem',
  pendingWebhooks: 500,
  compliance: 'user',
  archivedInLists: false,
  signedWebhooks: false,
  fakeAddresses: new Set(),
  latencyMs: 0,
});

export async function startMailchimp(options: MailchimpOptions = {}): Promise<MailchimpSimulator> {
  const now = options.now ?? (() => new Date());
  const random = seededRandom(options.seed ?? 1);
  const dc = options.dc ?? 'us19';
  const webhooks = createWebhooks({ random, now });
  const requests: ApiRequest[] = [];
  const traffic: Traffic = { open: 0, peak: 0, refused: 0, gate: undefined };
  const account: Account = {
    name: options.accountName ?? 'Koffie & Co',
    dc,
    created: stamp(now()),
    random,
    behaviour: { ...defaults(), latencyMs: options.latencyMs ?? 0, ...options.behaviour },
    audiences: new Map(),
    stores: new Map(),
    apiKeys: new Set(),
    tokens: new Set(),
    mails: [],
    unexpected: [],
    now,
    mail: (to, why, about) => void account.mails.push({ to, why, about, at: now() }),
    tell: (audience, event) => webhooks.tell(audience, event),
  };
  const first = createAudience(account, options.audience).id;
  const mode: BatchMode = { looks: 1, shuffled: true, urlLifetimeMs: 10 * 60_000, redirect: false, failures: 0 };
  const archive = await startArchive(mode, now);
  const batches = createBatches(account, mode, archive);
  const api = createApi({ account, requests, traffic, pendingWebhooks: webhooks.pending }, batches.routes);
  batches.through(api.inBatch);
  const controls = createControls(account, first);
  const login: Login = {
    account,
    clientId: options.clientId ?? 'tillbridge-sandbox',
    clientSecret: options.clientSecret ?? randomBytes(16).toString('hex'),
    consent: options.consent ?? 'at-once',
    codes: new Map(),
    url: () => server.url,
  };
  const issueApiKey = (): string => {
    const key = `${randomBytes(16).toString('hex')}-${dc}`;
    account.apiKeys.add(key);
    return key;
  };

  async function handle(request: SimRequest): Promise<SimResponse> {
    const inApi = /^(?:\/([a-z]{2,}\d+))?\/3\.0(\/.*)?$/.exec(request.path);
    if (inApi !== null) return api.door(request, inApi[1], inApi[2] ?? '/');
    const answer = loginAnswer(login, request) ?? sandboxAnswer({ account, controls }, request);
    if (answer !== undefined) return answer;
    if (request.path !== '/favicon.ico') account.unexpected.push(`${request.method} ${request.path}`);
    return { status: 404 };
  }

  const server = await startFaultyServer(handle, options.port ?? 0);
  return {
    url: server.url,
    apiBaseUrl: `${server.url}/${dc}`,
    apiBaseUrlTemplate: `${server.url}/{dc}`,
    loginBaseUrl: server.url,
    pageUrl: `${server.url}/mailchimp`,
    dc,
    clientId: login.clientId,
    clientSecret: login.clientSecret,
    apiKey: issueApiKey(),
    audienceId: first,
    behaviour: account.behaviour,
    faults: server.faults,
    requests,
    unexpected: account.unexpected,
    takeUnexpected: () => account.unexpected.splice(0),
    clearRequests: () => void requests.splice(0),
    mails: account.mails,
    traffic,
    webhooks: {
      mode: webhooks.mode,
      deliveries: webhooks.deliveries,
      lost: webhooks.lost,
      send(audienceId, type, data) {
        const audience = account.audiences.get(audienceId);
        if (audience !== undefined) webhooks.tellAll(audience, type, data);
      },
      idle: webhooks.idle,
    },
    batches: { mode, archiveUrl: archive.url, pause: batches.pause, idle: batches.idle },
    hold() {
      let open = () => {};
      traffic.gate = new Promise((resolve) => {
        open = () => resolve();
      });
      return () => {
        traffic.gate = undefined;
        open();
      };
    },
    issueApiKey,
    issueToken: () => newToken(account),
    code: (redirectUri) => codeFor(login, redirectUri),
    revoke(credential) {
      for (const held of [account.apiKeys, account.tokens]) {
        if (credential === undefined) held.clear();
        else held.delete(credential);
      }
    },
    ...controls,
    async stop() {
      batches.stop();
      webhooks.stop();
      await Promise.all([server.stop(), archive.stop()]);
    },
  };
}
