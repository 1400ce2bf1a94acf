/** The contract that every connector keeps, whatever it speaks with. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formOf } from '../../app-server/http/forms.ts';
import type { Kind } from '../../connectors/commerce.ts';
import type { Draft } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { answersOf, carriedOut, failureOf, gathered, good, unknownLike, writes } from './asking.ts';
import { draftOf, recordOf, suggested } from './canonical-records.ts';
import { kindsOf, sites } from './connector-places.ts';
import { openSession, type Place, type Site } from './place.ts';

vi.setConfig({ testTimeout: 60_000 });

/** As many requests as a plan or its writing is tried with a failure in. */
const deepest = 14;

let place: Place;

afterEach(async () => {
  await place.trouble.end();
  const unexpected = [...place.unexpected()];
  await place.stop();
  expect(unexpected).toEqual([]);
});

const open: Readonly<Record<string, () => Promise<Place>>> = Object.fromEntries(sites.map(({ name, start }) => [name, start]));
const declared = await kindsOf();

const reading = declared.flatMap(({ site, reads }) => reads.map((kind) => ({ system: site.name, kind, site })));
const writing = declared.flatMap(({ site, writes }) =>
  writes.filter((kind) => site.refuses?.[kind] === undefined).map((kind) => ({ system: site.name, kind, site })),
);
/** Lists of a source that tables of any target choose from, by kind. */
const leftSides = new Map<Kind, Set<string>>();
for (const { kind, lists } of declared.flatMap(({ sources }) => sources)) {
  leftSides.set(kind, new Set([...(leftSides.get(kind) ?? []), ...lists]));
}
const refusing = sites.flatMap((site) =>
  Object.entries(site.refuses ?? {}).map(([kind, code]) => ({ system: site.name, kind: kind as Kind, code })),
);

describe.each(sites)('$name', (site) => {
  it('says who it is and what it may do', async () => {
    place = await site.start();
    const report = await openSession(place).check();
    expect(report.summary).not.toBe('');
    expect(report.facts.length).toBeGreaterThan(0);
    for (const { label, value } of report.facts) expect(`${label}${value}`).not.toBe(label);
  });

  it('wants another key where the one it has is dead, and says that it is away when it is', async () => {
    place = await site.start();
    const dead = openSession({ ...place, settings: place.dead });
    expect(await failureOf(dead.check())).toMatchObject({ remedy: 'fix-connection' });
    for (const kind of Object.keys(place.connector.reads) as Kind[]) {
      const session = openSession({ ...place, settings: place.dead });
      expect(await failureOf(gathered(session.changed(kind, undefined))), kind).toMatchObject({ remedy: 'fix-connection' });
    }
    await place.trouble.away();
    expect(await failureOf(openSession(place).check())).toMatchObject({ remedy: 'wait' });
    await place.trouble.end();
    place.trouble.throttle?.();
    if (place.trouble.throttle) expect(await failureOf(openSession(place).check())).toMatchObject({ remedy: 'wait' });
  });

  it('has every list that its forms and tables choose from, and no other', async () => {
    place = await site.start();
    const session = openSession(place);
    const { settings, writes } = place.connector;
    const lists = new Set([
      ...formOf(settings).flatMap(({ vocabulary }) => vocabulary ?? []),
      ...Object.values(writes).flatMap((one) => formOf(one.settings).flatMap(({ vocabulary }) => vocabulary ?? [])),
      ...Object.values(writes).flatMap((one) => one.tables.flatMap(({ target }) => target ?? [])),
    ]);
    for (const list of lists) {
      const items = await session.vocabulary(list);
      for (const { value, label } of items) expect([list, value === '', label === '']).toEqual([list, false, false]);
    }
    expect(await failureOf(session.vocabulary('a list that nobody has'))).toMatchObject({ remedy: 'fix-data' });
  });

  it('has the lists that the tables of other systems choose their left side from, or says that it has not', async () => {
    place = await site.start();
    const session = openSession(place);
    for (const kind of Object.keys(place.connector.reads) as Kind[]) {
      for (const list of leftSides.get(kind) ?? []) {
        const items = await failureOf(session.vocabulary(list));
        // Then the form takes what is typed in. Of money nobody should have to know the keys by heart.
        const needed = kind === 'order' && ['paymentMethods', 'taxRates'].includes(list) && site.lacks?.includes(list) !== true;
        if (needed) expect(items, list).toEqual(expect.any(Array));
        else if (!Array.isArray(items)) expect(items, `${kind} ${list}`).toMatchObject({ remedy: 'fix-data' });
      }
    }
  });

  it('switches nothing off there that ended elsewhere, unless the merchant wants that', async () => {
    place = await site.start();
    const { product } = place.connector.writes;
    if (product === undefined) return;
    // What a flow asks, and what it does without an answer.
    for (const schema of [product.settings, product.draft]) {
      expect(formOf(schema).find(({ name }) => name === 'deletion')).toMatchObject({ default: 'ignore' });
    }
  });

  it('asks its questions in three languages', async () => {
    place = await site.start();
    const { settings, writes } = place.connector;
    for (const schema of [settings, ...Object.values(writes).map((one) => one.settings)]) {
      for (const { name, label, help, options } of formOf(schema)) {
        for (const text of [label, ...(help ? [help] : []), ...(options ?? []).map((option) => option.label)]) {
          for (const language of ['en', 'de', 'nl'] as const) expect(text[language], `${name} ${language}`).not.toBe('');
        }
        // A field without a label of its own would be called by its name.
        expect(label.nl, name).not.toBe(name);
      }
    }
    for (const one of Object.values(writes)) {
      for (const { title } of [...one.tables, ...(one.policies ?? [])]) {
        expect([title.en, title.de, title.nl].every((text) => text !== '')).toBe(true);
      }
    }
  });
});

describe.each(reading)('$kind records of $system', ({ system, kind, site }) => {
  it('are told one after another, and from the last place on there is nothing new', async () => {
    place = await start(system);
    const session = openSession(place);
    await lay(kind);
    const all = await gathered(session.changed(kind, undefined));
    const told = new Set(all.map(({ id, version }) => `${id} ${version}`));
    expect(told.size).toBe(all.length);
    const last = all.at(-1)?.cursor;
    if (last === undefined) expect(kind).toMatch(/consent|cart/);
    else for (const { id, version } of await gathered(session.changed(kind, last))) expect(told).toContain(`${id} ${version}`);
  });

  it('come in the order in which they are asked for, and what nobody knows is left out', async () => {
    place = await start(system);
    const session = openSession(place);
    await lay(kind);
    const ids = (await gathered(session.changed(kind, undefined))).map(({ id }) => id).slice(0, 3);
    const unknown = site.unknown?.[kind] ?? unknownLike(ids[0]);
    const asked = [...ids.toReversed(), unknown, ...ids];
    const found = await session.read(kind, asked);
    const shown = found.map((record) => (record instanceof Failure ? record.code : (record as { id?: string } | undefined)?.id));
    expect(shown).toEqual(asked.map((id) => (id === unknown ? undefined : id)));
  });

  it('that cannot be read are a failure and no surprise', async () => {
    place = await start(system);
    await lay(kind);
    const ids = (await gathered(openSession(place).changed(kind, undefined))).map(({ id }) => id).slice(0, 3);
    if (ids.length === 0) return;
    let failures = 0;
    for (let nth = 1; nth <= 5; nth += 1) {
      place.trouble.garble(nth);
      const answers = await answersOf(openSession(place).read(kind, ids));
      failures += answers.filter((answer) => answer instanceof Failure).length;
      await place.trouble.end();
    }
    expect(failures).toBeGreaterThan(0);
  });
});

describe.each(writing)('$kind records for $system', ({ system, kind, site }) => {
  it('are planned twice alike without a write, written once, and found again', async () => {
    place = await start(system);
    const drafts = await draftsOf(site, kind, [1, 2]);
    const before = place.writes();
    const plans = good(await openSession(place).plan(kind, drafts));
    expect(JSON.stringify(await openSession(place).plan(kind, drafts))).toBe(JSON.stringify(plans));
    expect(place.writes()).toBe(before);
    expect(plans.map(({ id }) => id)).toEqual(drafts.map(({ id }) => id));
    for (const { steps } of plans) expect(steps.map(({ action }) => action)).toContainEqual(expect.stringMatching(/create|update/));

    const session = openSession(place);
    const outcomes = good(await session.apply(kind, good(await session.plan(kind, drafts))));
    expect(place.writes()).toBeGreaterThan(before);
    for (const n of [1, 2]) expect(place.count(kind, n), `record ${n}`).toBe(1);

    const written = place.writes();
    const known = drafts.map((draft, at) => ({
      ...draft,
      known: outcomes[at]?.target.id ?? '',
      ...((outcomes[at]?.values ?? plans[at]?.values) && { last: outcomes[at]?.values ?? plans[at]?.values ?? {} }),
    }));
    for (const again of [session, openSession(place)]) {
      for (const asked of [drafts, known]) {
        const plan = good(await again.plan(kind, asked));
        expect(plan.flatMap(({ steps }) => steps).map(({ action }) => action)).toEqual(
          plan.flatMap(({ steps }) => steps.map(() => 'skip')),
        );
        expect(plan.map(({ target }) => target?.id)).toEqual(outcomes.map(({ target }) => target.id));
      }
    }
    expect(place.writes()).toBe(written);
  });

  it('are not doubled when an answer is lost, whichever it was', async () => {
    place = await start(system);
    let lost = 0;
    for (let nth = 1; nth <= 6; nth += 1) {
      const drafts = await draftsOf(site, kind, [nth]);
      const session = openSession(place);
      const plans = good(await session.plan(kind, drafts));
      place.trouble.loseAnswer(nth);
      const [answer] = await session.apply(kind, plans);
      await place.trouble.end();
      if (answer instanceof Failure) {
        lost += 1;
        expect(['wait', 'retry']).toContain(answer.remedy);
        // Another worker takes it up.
        for (let turn = 0; turn < 2; turn += 1) await carriedOut(openSession(place), kind, drafts);
      }
      expect(place.count(kind, nth), `answer ${nth}`).toBe(1);
      const left = good(await openSession(place).plan(kind, drafts)).flatMap(({ steps }) => steps);
      expect(left.map(({ action }) => action)).toEqual(left.map(() => 'skip'));
    }
    expect(lost).toBeGreaterThan(0);
  });

  it('wait when the other side is away or asks for patience, and want another key when theirs is dead', async () => {
    place = await start(system);
    const drafts = await draftsOf(site, kind, [1]);
    const plans = good(await openSession(place).plan(kind, drafts));
    const dead = () => openSession({ ...place, settings: place.dead });
    for (const answer of await answersOf(dead().plan(kind, drafts))) expect(answer).toMatchObject({ remedy: 'fix-connection' });
    for (const answer of await answersOf(dead().apply(kind, plans))) expect(answer).toMatchObject({ remedy: 'fix-connection' });

    await place.trouble.away();
    for (const answer of await answersOf(openSession(place).plan(kind, drafts))) expect(answer).toMatchObject({ remedy: 'wait' });
    for (const answer of await answersOf(openSession(place).apply(kind, plans))) expect(answer).toMatchObject({ remedy: 'wait' });
    await place.trouble.end();
    // Of these there is the record that they are about.
    if (kind !== 'stock' && kind !== 'consent') expect(place.count(kind, 1)).toBe(0);

    if (place.trouble.throttle === undefined) return;
    place.trouble.throttle();
    for (const answer of await answersOf(openSession(place).plan(kind, drafts))) expect(answer).toMatchObject({ remedy: 'wait' });
    for (const answer of await answersOf(openSession(place).apply(kind, plans))) expect(answer).toMatchObject({ remedy: 'wait' });
  });

  it('get an answer each when one of the answers cannot be read, and arrive afterwards', async () => {
    place = await start(system);
    const drafts = await draftsOf(site, kind, [1, 2]);
    let failures = 0;
    for (let nth = 1; nth <= deepest; nth += 1) {
      place.trouble.garble(nth);
      const answers = await answersOf(openSession(place).plan(kind, drafts));
      await place.trouble.end();
      failures += answers.filter((answer) => answer instanceof Failure).length;
    }
    expect(failures).toBeGreaterThan(0);
    for (let nth = 1; nth <= 4; nth += 1) {
      const session = openSession(place);
      const plans = good(await session.plan(kind, drafts)).filter(writes);
      if (plans.length === 0) break;
      place.trouble.garble(nth);
      const answers = await session.apply(kind, plans);
      await place.trouble.end();
      expect(answers).toHaveLength(plans.length);
    }
    for (let turn = 0; turn < 2; turn += 1) await carriedOut(openSession(place), kind, drafts);
    for (const n of [1, 2]) expect(place.count(kind, n), `record ${n}`).toBe(1);
  });
});

it.each(refusing)('$kind records are refused by $system in words', async ({ system, kind, code }) => {
  place = await start(system);
  const site = sites.find(({ name }) => name === system) as Site;
  const drafts = await draftsOf(site, kind, [1]);
  expect(await openSession(place).plan(kind, drafts)).toEqual([expect.objectContaining({ code })]);
});

function start(system: string): Promise<Place> {
  const opened = open[system]?.();
  if (opened === undefined) throw new Error(`there is no ${system}`);
  return opened;
}

async function lay(kind: Kind): Promise<void> {
  for (const n of [1, 2]) await place.lay?.(kind, n);
}

/** Drafts as a flow makes them whose owner took all suggestions. */
async function draftsOf(site: Site, kind: Kind, numbers: readonly number[]): Promise<Draft[]> {
  const { connector } = place;
  const session = openSession(place);
  const settings = await suggested({ connector, session }, kind, site.values?.[kind]);
  for (const n of numbers) {
    await place.lay?.(kind, n);
    if (site.name === 'Mailchimp' && kind === 'stock') await carriedOut(session, 'product', [await productFor(n)]);
  }
  return numbers.map((n) => draftOf(connector, kind, { n, settings }));
}

/** Mailchimp has no articles of its own: what stock is of has to be brought there first. */
async function productFor(n: number): Promise<Draft> {
  const settings = await suggested({ connector: place.connector, session: openSession(place) }, 'product');
  const draft = draftOf(place.connector, 'product', { n, settings });
  const { sku } = recordOf('stock', n) as { sku: string };
  return JSON.parse(JSON.stringify(draft).replaceAll(`"${4100 + n}"`, `"${sku}"`)) as Draft;
}
