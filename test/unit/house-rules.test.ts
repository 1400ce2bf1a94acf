import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const systems = /shopware|ecwid|mpluskassa|mailchimp|lightspeed/i;
/** Shops are sold under other names too: no word for a merchant may use these. */
const platforms = /shopware|ecwid|lightspeed/i;
/** Names of libraries and of a till's address that a merchant may type are no knowledge of a system. */
const harmless = /@shopware-ag\/[\w-]+|api\.mpluskassa\.nl/g;

/** Rooms that serve every system alike, and what of them may know one. */
const rooms = [
  { room: 'app-server/engine', except: undefined },
  { room: 'app-server/mapping', except: undefined },
  // Each admin's own frame is spoken to by an adapter; the causes' words stand under the codes of the systems that throw them.
  { room: 'app-server/screens/src', except: /^host\/|^texts\/(?:causes|connectors)-/ },
] as const;

function lines(room: string, except: RegExp | undefined): { place: string; text: string }[] {
  return readdirSync(`${root}/${room}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue|css|html)$/.test(name) && !except?.test(name))
    .flatMap((name) =>
      readFileSync(`${root}/${room}/${name}`, 'utf8')
        .split('\n')
        .map((text, index) => ({ place: `${room}/${name}:${index + 1}`, text })),
    );
}

const named = (all: readonly { place: string; text: string }[], names = systems): string[] =>
  all.filter(({ text }) => names.test(text.replaceAll(harmless, ''))).map(({ place, text }) => `${place} ${text.trim()}`);

describe('a room that serves every system', () => {
  it.each(rooms)('names none of them: $room', ({ room, except }) => {
    const all = lines(room, except);
    expect(all.length).toBeGreaterThan(100);
    expect(named(all)).toEqual([]);
  });

  it('names no shop platform in the words for a cause either, only in the codes that they stand under', () => {
    const texts = lines('app-server/screens/src/texts', undefined).filter(({ place }) => /\/(?:causes|connectors)-/.test(place));
    expect(texts.length).toBeGreaterThan(100);
    const words = texts.filter(({ text }) => !/^\s*\w+: \{$/.test(text));
    expect(named(words, platforms)).toEqual([]);
  });

  it('is looked at closely: the rooms of the systems themselves would be found', () => {
    expect(named(lines('connectors/mpluskassa', undefined)).length).toBeGreaterThan(0);
    expect(named(lines('app-server/screens/src/host', undefined)).length).toBeGreaterThan(0);
  });
});
