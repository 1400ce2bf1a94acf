/** Erasing a person: the member for good, and the customer in each of our stores. */
import type { Account } from './account.ts';
import { hashOf, segment } from './ids.ts';
import { memberPath } from './members.ts';
import { recordFailure, succeeded } from './refusals.ts';

export interface Erased {
  /** What was there and is gone: `member`, `customer`. Empty: Mailchimp did not know the address. */
  readonly gone: readonly string[];
}

/** Irreversible: Mailchimp takes the address back only from the person (Marketing API 3.0, delete-permanent). Doing it twice is no failure. */
export async function erase(account: Account, email: string): Promise<Erased> {
  const { id } = await account.audience();
  const hash = hashOf(email);
  const gone: string[] = [];
  const remove = async (subject: string, call: { method: 'POST' | 'DELETE'; path: string }): Promise<void> => {
    const answer = await account.client.ask({ ...call, label: `erase ${subject}` });
    if (succeeded(answer)) gone.push(subject);
    else if (answer.status !== 404) throw recordFailure(answer, { record: subject, subject });
  };
  for (const store of await account.stores()) {
    await remove('customer', { method: 'DELETE', path: `/ecommerce/stores/${segment(store.id)}/customers/${segment(hash)}` });
  }
  await remove('member', { method: 'POST', path: `${memberPath(id, hash)}/actions/delete-permanent` });
  return { gone: [...new Set(gone)] };
}
