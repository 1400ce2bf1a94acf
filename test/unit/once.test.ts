import { expect, it } from 'vitest';
import { createOnce } from '../../connectors/once.ts';

const clocked = () => {
  const clock = { ms: 0 };
  const calls: string[] = [];
  const once = createOnce<string>(() => new Date(clock.ms));
  const make = (name: string) => async () => {
    calls.push(name);
    return name;
  };
  return { clock, calls, once, make };
};

it('is made by whoever comes first, and the others get the same', async () => {
  const { calls, once, make } = clocked();
  expect(await Promise.all(['a', 'b', 'c'].map((name) => once('tea', make(name))))).toEqual(['a', 'a', 'a']);
  expect(await once('coffee', make('d'))).toBe('d');
  expect(calls).toEqual(['a', 'd']);
});

it('is looked for again by plans that are drawn up later, so it is not remembered for long', async () => {
  const { clock, once, make } = clocked();
  await once('tea', make('a'));
  clock.ms = 60_000;
  expect(await once('tea', make('b'))).toBe('a');
  clock.ms = 60_001;
  expect(await once('tea', make('c'))).toBe('c');
});

it('fails for all who wait for it, and is made anew by the next one', async () => {
  const { once, make } = clocked();
  const failing = async (): Promise<string> => {
    throw new Error('no');
  };
  const waiting = await Promise.allSettled([once('tea', failing), once('tea', make('b'))]);
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await once('tea', make('c'))).toBe('c');
});
