import { describe, expect, it } from 'vitest';
import type { Send } from '../../connectors/exchange.ts';
import { failureOf } from '../../connectors/failure.ts';
import { clock, connect, hourMs, keeper, type Renew } from './lightspeed-xseries-grants.ts';
import { openHouse, send } from './lightspeed-xseries-house.ts';

const isToken = (url: string): boolean => url.endsWith('/api/1.0/token');

const steps = [
  'waiting for its turn',
  'before the request leaves',
  'carried out, its answer lost',
  'about to be stored',
  'stored, nobody told',
] as const;

describe.each(['throws', 'hangs'] as const)('a rotation that %s', (how) => {
  it.each(steps)('when it is %s locks nobody out while the access token lives, and connecting again always heals', async (step) => {
    const at = clock();
    const house = await openHouse({ now: at.now });
    const settings = await connect(house, at);
    const kept = keeper(settings);
    at.pass(17 * hourMs);
    let kill = (): void => undefined;
    const killed = new Promise<void>((resolve) => {
      kill = resolve;
    });
    const die = <T>(): Promise<T> => {
      kill();
      return how === 'hangs' ? new Promise<T>(() => undefined) : Promise.reject(new Error('killed'));
    };
    const through = send();
    const killing: Send = async (request) => {
      if (!isToken(request.url)) return through(request);
      if (step === 'before the request leaves') return die();
      const response = await through(request);
      return step === 'carried out, its answer lost' ? die() : response;
    };
    const renew: Renew = async (work) => {
      if (step === 'waiting for its turn') return die();
      const settled = await kept.renew(() => (step === 'about to be stored' ? die() : Promise.resolve()))(work);
      return step === 'stored, nobody told' ? die() : settled;
    };
    const doomed = house.open(settings, { send: killing, renew }).check();
    doomed.catch(() => undefined);
    await killed;
    // A process that goes on after the mishap works as well.
    if (how === 'throws') await doomed;
    kept.lapse();

    // Processes that start on what is stored, hour after hour, until the first access token is over.
    for (let hour = 0; hour < 6; hour++) {
      const report = await house.open(kept.stored(), { renew: kept.renew() }).check();
      for (const warning of report.warnings) expect(warning.code).toBe('lightspeed.reconnect-soon');
      at.pass(hourMs);
    }
    at.pass(2 * hourMs);
    const lost = step === 'carried out, its answer lost' || step === 'about to be stored';
    const late = house.open(kept.stored(), { renew: kept.renew() }).check();
    expect(
      await late.then(
        () => 'open',
        (error: unknown) => failureOf(error).code,
      ),
    ).toBe(lost ? 'lightspeed.reconnect' : 'open');

    kept.save({ ...kept.stored(), ...(await connect(house, at)) });
    const healed = house.open(kept.stored(), { renew: kept.renew() });
    expect((await healed.check()).warnings).toEqual([]);
    at.pass(17 * hourMs);
    expect((await healed.check()).warnings).toEqual([]);
  });
});
