/** All or nothing: what was written can be taken back. */
import type { Database, Row } from './database.ts';

export interface Transaction {
  insert(entity: string, row: Readonly<Record<string, unknown>> & { readonly id: string }): Row;
  update(entity: string, id: string, fields: Readonly<Record<string, unknown>>): Row;
  remove(entity: string, id: string): void;
  /** Fields of a row without touching its dates, as mapping tables do. */
  set(row: Row, fields: Readonly<Record<string, unknown>>): void;
  undo(): void;
}

export function createTransaction(db: Database): Transaction {
  const back: (() => void)[] = [];
  const restore = (row: Row): (() => void) => {
    const before = { ...row };
    return () => void Object.assign(row, before);
  };
  return {
    insert: (entity, row) => {
      const made = db.insert(entity, row);
      back.push(() => db.remove(entity, made.id));
      return made;
    },
    update: (entity, id, fields) => {
      back.push(restore(db.get(entity, id)));
      return db.update(entity, id, fields);
    },
    remove: (entity, id) => {
      const before = { ...db.get(entity, id) };
      db.remove(entity, id);
      back.push(() => void db.insert(entity, before));
    },
    set: (row, fields) => {
      back.push(restore(row));
      Object.assign(row, fields);
    },
    undo: () => {
      for (const step of back.reverse()) step();
    },
  };
}
