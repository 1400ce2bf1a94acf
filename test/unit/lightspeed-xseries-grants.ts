/** Tokens of a simulated store, a clock that can be moved on, and a place where settings are kept: shared by the tests of the access. */
import type { Io } from '../../connectors/connector.ts';
import type { LightspeedSettings } from '../../connectors/lightspeed/settings.ts';
import { xSeriesAuthorization } from '../../connectors/lightspeed/xseries/index.ts';
import { type House, send } from './lightspeed-xseries-house.ts';

export const hourMs = 3_600_000;

export type Renew = NonNullable<Io<LightspeedSettings>['renew']>;

/** Keeps settings as the server does: one caller at a time, stored before it answers. A caller that never comes back gives way when told. */
export function keeper(initial: LightspeedSettings) {
  let stored = initial;
  let turn: Promise<unknown> = Promise.resolve();
  const renew =
    (store: (settings: LightspeedSettings) => Promise<void> = async () => undefined): Renew =>
    (work) => {
      const mine = turn.then(async () => {
        const change = await work(stored);
        if (change === undefined) return stored;
        const next = { ...stored, ...change };
        await store(next);
        stored = next;
        return stored;
      });
      turn = mine.catch(() => undefined);
      return mine;
    };
  return {
    renew,
    stored: () => stored,
    save: (settings: LightspeedSettings) => {
      stored = settings;
    },
    /** The lease of whoever died has lapsed. */
    lapse: () => {
      turn = Promise.resolve();
    },
  };
}

export function clock() {
  let ms = Date.parse('2026-06-01T08:00:00.000Z');
  return {
    now: () => new Date(ms),
    pass: (by: number) => {
      ms += by;
    },
  };
}

export async function connect(house: House, at: { now(): Date }): Promise<LightspeedSettings> {
  const redirectUri = 'https://app.example/back';
  const redeemed = await xSeriesAuthorization(house.options).redeem({
    callback: { code: house.sim.code(redirectUri), domain_prefix: house.sim.domainPrefix },
    redirectUri,
    send: send(),
    now: at.now,
  });
  return house.settings(redeemed);
}

export const refreshes = (house: House) => house.sim.requests.filter(({ version, path }) => version === '1.0' && path === '/token');
