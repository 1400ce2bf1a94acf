/** Asking a session, and taking what it answers apart. */

import type { Kind } from '../../connectors/commerce.ts';
import type { Change, Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';

/** As the engine does it: plans, and writes what is to be written. */
export async function carriedOut(session: Session, kind: Kind, drafts: readonly Draft[]): Promise<void> {
  const plans = good(await session.plan(kind, drafts)).filter(writes);
  if (plans.length > 0) good(await session.apply(kind, plans));
}

export const writes = ({ steps }: Plan): boolean => steps.some(({ action }) => action !== 'skip');

export function good<T extends Plan | Outcome>(answers: readonly (T | Failure)[]): T[] {
  return answers.map((answer) => {
    if (answer instanceof Failure) throw answer;
    return answer;
  });
}

/** What is thrown counts as everybody's answer; only failures may be thrown. */
export async function answersOf(asked: Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}

export async function failureOf(asked: Promise<unknown>): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    return error;
  }
}

export async function gathered(changes: AsyncIterable<Change>): Promise<Change[]> {
  const list: Change[] = [];
  for await (const change of changes) list.push(change);
  return list;
}

/** An id of the same shape that nobody has. */
export function unknownLike(id: string | undefined): string {
  if (id === undefined) return '0'.repeat(32);
  if (/^\d+$/.test(id)) return '987654321';
  return id.replace(/[0-9a-f](?=[^0-9a-f]*$)/i, (last) => (last === '0' ? '1' : '0'));
}
