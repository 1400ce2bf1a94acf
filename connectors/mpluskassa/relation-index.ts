/** Which relations have which e-mail address, telephone number, external id: all of them, so that two of a kind are seen and not guessed between. */
import type { Relation } from './answers.ts';
import type { Till } from './till.ts';

export const relationKeys = ['email', 'phone', 'external-id', 'number'] as const;
export type RelationKey = (typeof relationKeys)[number];

const pageSize = 1_000;

/** Tens of thousands of relations have a value of their own: a set for each would be most of what is kept. */
type Holders = number | Set<number>;

interface Index {
  marker: number;
  /** By `key value`. */
  readonly holders: Map<string, Holders>;
  readonly keysOf: Map<number, readonly string[]>;
  reading: Promise<void> | undefined;
}

const indexes = new WeakMap<Till, Index>();

export interface RelationIndex {
  /** Numbers of the relations that have this value, lowest first. */
  find(key: RelationKey, value: string): readonly number[];
}

/** Reads what changed since it was read last: one call while nothing did, one per thousand relations the first time. */
export async function relationIndex(till: Till): Promise<RelationIndex> {
  const index = indexes.get(till) ?? { marker: 1, holders: new Map(), keysOf: new Map(), reading: undefined };
  indexes.set(till, index);
  // Whoever asks while it is read may have written since it began: it waits and reads on.
  while (index.reading) await index.reading;
  index.reading = readOn(till, index).finally(() => {
    index.reading = undefined;
  });
  await index.reading;
  return {
    find(key, value) {
      if (!tells(key, value)) return [];
      if (key === 'number') return index.keysOf.has(Number(value)) ? [Number(value)] : [];
      return [...listed(index.holders.get(entry(key, value)))].sort((a, b) => a - b);
    },
  };
}

const listed = (holders: Holders | undefined): Iterable<number> =>
  holders === undefined ? [] : typeof holders === 'number' ? [holders] : holders;

async function readOn(till: Till, index: Index): Promise<void> {
  for (;;) {
    const request = { syncMarker: index.marker, syncMarkerLimit: pageSize };
    const { relationList } = await till.client.call('getRelations', { request });
    for (const relation of relationList) take(index, relation);
    const next = Math.max(0, ...relationList.map(({ syncMarker }) => syncMarker ?? 0)) + 1;
    if (next <= index.marker) return;
    index.marker = next;
  }
}

function take(index: Index, relation: Relation): void {
  const number = relation.relationNumber;
  for (const key of index.keysOf.get(number) ?? []) release(index.holders, key, number);
  const keys = keysOf(relation);
  index.keysOf.set(number, keys);
  for (const key of keys) hold(index.holders, key, number);
}

function hold(holders: Index['holders'], key: string, number: number): void {
  const known = holders.get(key);
  if (known === undefined) holders.set(key, number);
  else if (typeof known === 'number') holders.set(key, new Set([known, number]));
  else known.add(number);
}

function release(holders: Index['holders'], key: string, number: number): void {
  const known = holders.get(key);
  if (known === number) holders.delete(key);
  else if (typeof known === 'object') known.delete(number);
}

function keysOf(relation: Relation): string[] {
  const values: readonly (readonly [RelationKey, string])[] = [
    ['email', relation.email],
    ['phone', relation.telephone],
    ['phone', relation.mobile],
    ['external-id', relation.extRelationId ?? ''],
  ];
  return [...new Set(values.filter(([key, value]) => tells(key, value)).map(([key, value]) => entry(key, value)))];
}

const entry = (key: RelationKey, value: string): string => `${key} ${normalised(key, value)}`;

/** Shorter ones are extensions, or what people write where they have none. */
const leastDigits = 7;

/** Whether somebody can be told by it at all. */
export const tells = (key: RelationKey, value: string): boolean => normalised(key, value).length >= (key === 'phone' ? leastDigits : 1);

/** Telephone numbers are the same with and without the country in front: the last nine digits tell them apart. */
function normalised(key: RelationKey, value: string): string {
  if (key === 'phone') return value.replaceAll(/\D/g, '').slice(-9);
  return key === 'email' ? value.trim().toLowerCase() : value.trim();
}
