import { expect, it } from 'vitest';
import { defineCollection, newId } from '../../app-server/store/database.ts';
import { writeVersioned } from '../../app-server/store/versioned.ts';
import { testDatabase } from '../database.ts';

interface Note {
  readonly _id: string;
  readonly version: number;
  readonly text: string;
}

const test = testDatabase();
const notes = defineCollection<Note>({ name: 'notes', fields: { _id: String, version: Number, text: String }, indexes: [] });
const model = () => test.database.model(notes);

it('of two that make a document at once one succeeds, and the other is told', async () => {
  const _id = newId();
  const answers = await Promise.all(['a', 'b'].map((text) => writeVersioned(model(), { _id, version: 1, text }, 0)));
  expect(answers.toSorted()).toEqual([false, true]);
  const winner = answers[0] ? 'a' : 'b';
  expect(await model().findById(_id).lean()).toMatchObject({ text: winner });
});

it('of twenty that change what they have read one succeeds, and nothing of the others is left', async () => {
  const _id = newId();
  await writeVersioned(model(), { _id, version: 1, text: 'first' }, 0);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => writeVersioned(model(), { _id, version: 2, text: `by ${n}` }, 1)));
  expect(answers.filter((done) => done)).toHaveLength(1);
  expect(await model().findById(_id).lean()).toMatchObject({ version: 2, text: `by ${answers.indexOf(true)}` });
});

it('whoever comes with a version of the past, or after the document is gone, changes nothing', async () => {
  const _id = newId();
  await writeVersioned(model(), { _id, version: 1, text: 'first' }, 0);
  await writeVersioned(model(), { _id, version: 2, text: 'second' }, 1);
  expect(await writeVersioned(model(), { _id, version: 2, text: 'late' }, 1)).toBe(false);
  expect(await model().findById(_id).lean()).toMatchObject({ text: 'second' });
  await model().deleteOne({ _id });
  expect(await writeVersioned(model(), { _id, version: 3, text: 'again' }, 2)).toBe(false);
  expect(await model().findById(_id).lean()).toBeNull();
});
