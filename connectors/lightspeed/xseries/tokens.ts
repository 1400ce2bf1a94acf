/**
 * The access token in use and its renewal. Refresh tokens rotate: each works once. A rotation whose answer is lost or cannot be stored must not
 * lock the merchant out, so renewal happens while the access token still has a third of its life, and nothing that goes wrong with it
 * matters before the access token itself is refused.
 */
import type { Io } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { type Grant, grantIn, grantRefused, tokensFor } from './grant.ts';

export interface Tokens {
  /** What to send now. Renewed first where it is time; that this fails is no harm as long as there is a token. */
  current(): Promise<string>;
  /** A token to try after `refused` was answered with 401. Throws fix-connection when there is none but by connecting again. */
  instead(refused: string): Promise<string>;
  /** The refresh token is no longer accepted: until when the access token lasts. Absent: all is well. */
  endsAt(): Date | undefined;
}

/** Renewal that failed is tried again after this time. */
const againMs = { unanswered: 60_000, refused: 3_600_000, unsaved: 5_000 };

export function openTokens(settings: LightspeedSettings, io: Io<LightspeedSettings>, options: LightspeedOptions): Tokens {
  const first = grantIn(settings);
  return first === undefined ? personalTokens(settings) : rotatingTokens(first, { settings, io, options });
}

function personalTokens({ personalToken }: LightspeedSettings): Tokens {
  return {
    current: () => Promise.resolve(personalToken ?? ''),
    instead: () =>
      Promise.reject(
        new Failure({
          remedy: 'fix-connection',
          code: 'lightspeed.token-refused',
          message: 'Lightspeed refuses the personal token. Make a new one in the back office under Setup, Personal tokens.',
        }),
      ),
    endsAt: () => undefined,
  };
}

interface Ground {
  readonly settings: LightspeedSettings;
  readonly io: Io<LightspeedSettings>;
  readonly options: LightspeedOptions;
}

function rotatingTokens(first: Grant, { settings, io, options }: Ground): Tokens {
  let held = first;
  /** A rotation of ours that could not be stored: its refresh token is the only one that still works. */
  let unsaved: { readonly instead: string; readonly grant: Grant } | undefined;
  /** The refresh token that Lightspeed turned down. */
  let spent: string | undefined;
  let notBefore = 0;
  let underWay: Promise<void> | undefined;

  /** Runs for one caller at a time over all processes, with what is stored now. */
  async function work(stored: LightspeedSettings): Promise<Partial<LightspeedSettings> | undefined> {
    const known = grantIn(stored);
    if (known === undefined) return undefined;
    if (unsaved !== undefined && known.refreshToken === unsaved.instead) return unsaved.grant;
    if (known.accessToken !== held.accessToken) return undefined;
    if (known.refreshToken === '' || (known.refreshToken === spent && io.now().getTime() < notBefore)) throw refusedGrant();
    try {
      const { domainPrefix } = stored;
      const form = { grant_type: 'refresh_token', refresh_token: known.refreshToken };
      const grant = await tokensFor(options, { domainPrefix, form, send: io.send, now: () => io.now() });
      unsaved = { instead: known.refreshToken, grant };
      return grant;
    } catch (error) {
      if (failureOf(error).code === grantRefused) spent = known.refreshToken;
      throw error;
    }
  }

  async function renewed(): Promise<void> {
    if (io.renew === undefined) throw refusedGrant();
    try {
      const stored = await io.renew(work);
      held = grantIn(stored) ?? { ...held, accessToken: stored.personalToken ?? held.accessToken };
      unsaved = undefined;
      if (spent !== held.refreshToken) spent = undefined;
      notBefore = 0;
    } catch (error) {
      const failure = failureOf(error);
      const nowMs = io.now().getTime();
      // What was given to us and could not be stored is used meanwhile, and stored as soon as that works.
      if (unsaved !== undefined) held = unsaved.grant;
      notBefore = nowMs + (unsaved !== undefined ? againMs.unsaved : failure.code === grantRefused ? againMs.refused : againMs.unanswered);
      throw failure;
    }
  }

  /** One renewal at a time, whoever asks. */
  function renew(): Promise<void> {
    underWay ??= renewed().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  const due = (nowMs: number): boolean => unsaved !== undefined || nowMs >= Date.parse(held.renewFrom);

  return {
    async current() {
      const nowMs = io.now().getTime();
      if (io.renew !== undefined && due(nowMs) && nowMs >= notBefore) await renew().catch(() => undefined);
      return held.accessToken;
    },
    async instead(refused) {
      // Twice: the first may only have stored what was held already.
      for (let tries = 0; tries < 2 && held.accessToken === refused; tries++) {
        try {
          await renew();
        } catch (error) {
          if (held.accessToken !== refused) break;
          const failure = failureOf(error);
          throw failure.code === grantRefused ? reconnect(settings.domainPrefix) : failure;
        }
      }
      if (held.accessToken === refused) throw reconnect(settings.domainPrefix);
      return held.accessToken;
    },
    endsAt: () => (spent === undefined ? undefined : new Date(held.expiresAt)),
  };
}

const refusedGrant = (): Failure =>
  new Failure({ remedy: 'fix-connection', code: grantRefused, message: 'There is no refresh token to renew the access with.' });

function reconnect(store = ''): Failure {
  return new Failure({
    remedy: 'fix-connection',
    code: 'lightspeed.reconnect',
    message: `Lightspeed no longer accepts our access to ${store}. Click on Connect once more; nothing is lost, everything goes on where it stopped.`,
    params: { store },
  });
}
