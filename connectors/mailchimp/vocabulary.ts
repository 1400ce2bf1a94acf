/** What the merchant chooses from: audiences, merge fields, tags. */
import { z } from 'zod';
import type { VocabularyItem } from '../connector.ts';
import { Failure } from '../failure.ts';
import type { Account } from './account.ts';
import { segment } from './ids.ts';

/** Throws fix-data `mailchimp.vocabulary-unknown` for a list that there is not. */
export async function readVocabulary(account: Account, list: string): Promise<VocabularyItem[]> {
  switch (list) {
    case 'audiences':
      return (await account.audiences()).map(({ id, name, stats }) => ({
        value: id,
        label: name || id,
        hint: String(stats.member_count),
      }));
    case 'mergeFields':
      return (await account.mergeFields()).map(({ tag, name }) => ({ value: tag, label: name || tag, hint: tag }));
    case 'tags': {
      const { id } = await account.audience();
      const found = await account.client.get(z.looseObject({ tags: z.array(z.looseObject({ name: z.string() })) }), {
        path: `/lists/${segment(id)}/tag-search`,
        label: 'list tags',
      });
      return (found?.tags ?? []).map(({ name }) => ({ value: name, label: name }));
    }
    default:
      throw new Failure({
        remedy: 'fix-data',
        code: 'mailchimp.vocabulary-unknown',
        message: `Mailchimp has no list called ${list}.`,
        params: { list },
      });
  }
}
