/** Writes to entries that are leased here, many at a time: the database needs as long for one as for a few. */
import { type Collection, type Document, MongoBulkWriteError, type UpdateFilter } from 'mongodb';
import type { Entry } from '../engine/model.ts';
import type { Settlement } from '../engine/ports.ts';
import { isDuplicate } from './database.ts';
import type { EntryDocument } from './entry-document.ts';
import { settling } from './entry-updates.ts';
import { gather } from './gather.ts';

/** An entry as long as the lease of this worker holds. */
export interface Held {
  readonly _id: string;
  readonly leaseToken: string;
}

/** Each answers whether it was done; not done means that the lease was lost. */
export interface EntryWrites {
  assign(held: Held, to: { key: string; demand: Entry['demand'] }): Promise<boolean>;
  /** Not done also means that another entry has the lock. */
  lock(held: Held, key: string): Promise<boolean>;
  intend(held: Held, intent: { digest: string; until: Date }): Promise<boolean>;
  settle(held: Held, entry: Entry, settlement: Settlement): Promise<boolean>;
}

interface Write {
  readonly held: Held;
  readonly update: UpdateFilter<EntryDocument> | Document[];
  /** Gives the lease back, so that a second time finds nothing. */
  readonly once?: true;
}

export function entryWrites(entries: Collection<EntryDocument>): EntryWrites {
  const write = gather(carryOut, { most: 100, restMs: 5 });
  return {
    assign: (held, { key, demand }) =>
      write({ held, update: { $set: { entityKey: key, ...(demand && { demand: { ...demand, of: [...demand.of] } }) } } }),
    lock: (held, key) => write({ held, update: { $set: { lockKey: key } } }),
    intend: (held, intent) => write({ held, update: { $set: { intent, leaseUntil: intent.until } } }),
    settle: (held, entry, settlement) => write({ held, update: settling(entry, settlement, held.leaseToken), once: true }),
  };

  async function carryOut(writes: readonly Write[]): Promise<readonly (boolean | Error)[]> {
    const [only] = writes;
    if (only && writes.length === 1) return [await alone(only)];
    const together = await allAtOnce(writes);
    if (together) return together;
    const final = writes.filter(({ once }) => once);
    const settled = await entries
      .find({ _id: { $in: final.map(({ held }) => held._id) } }, { projection: { settledUnder: 1 } })
      .map(({ _id, settledUnder }) => `${_id}/${settledUnder}`)
      .toArray();
    return Promise.all(
      writes.map((one) => {
        if (one.once && settled.includes(`${one.held._id}/${one.held.leaseToken}`)) return true;
        // The trouble of one entry is not that of its neighbours.
        return alone(one).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      }),
    );
  }

  /** The database only says how many it found: undefined when not all went well and has to be looked at one by one. */
  async function allAtOnce(writes: readonly Write[]): Promise<boolean[] | undefined> {
    const refused = new Set<number>();
    let found: number;
    try {
      const operations = writes.map(({ held, update }) => ({ updateOne: { filter: { ...held }, update } }));
      found = (await entries.bulkWrite(operations, { ordered: false })).matchedCount;
    } catch (error) {
      if (!(error instanceof MongoBulkWriteError)) return undefined;
      for (const { code, index } of [error.writeErrors].flat()) {
        if (code !== duplicateKey) return undefined;
        refused.add(index);
      }
      found = error.result.matchedCount;
    }
    return found + refused.size === writes.length ? writes.map((_, index) => !refused.has(index)) : undefined;
  }

  async function alone({ held, update }: Write): Promise<boolean> {
    try {
      return (await entries.updateOne({ ...held }, update)).matchedCount === 1;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }
}

const duplicateKey = 11_000;
