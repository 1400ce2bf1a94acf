/** Plans categories: found by their path, created from the top down, renamed where we have left them. Never deleted. */

import type { Draft, PlanStep } from '../connectors/connector.ts';
import { parseDraft } from '../connectors/draft.ts';
import { Failure } from '../connectors/failure.ts';
import { CategoryDraft } from './catalogue-draft.ts';
import { shownName } from './catalogue-rows.ts';
import { asText, createSheet } from './field-sheet.ts';
import { htmlOf, sameHtml } from './long-text.ts';
import type { Ground } from './product-look.ts';
import { chosenChannels } from './references.ts';
import { type CataloguePlan, requestOf } from './sync.ts';

/** One plan or Failure per draft. A record whose parents are missing brings them along. */
export async function planCategories({ references }: Ground, drafts: readonly Draft[]): Promise<(CataloguePlan | Failure)[]> {
  const [tree, channels] = await Promise.all([references.categories(), references.channels()]);
  return drafts.map((draft) => {
    const parsed = parseDraft(CategoryDraft, draft.fields);
    if (!parsed.success) return unusable(draft);
    const { category, path, salesChannels, rootCategory } = parsed.data;
    const root =
      rootCategory ?? chosenChannels(channels, salesChannels).find((one) => one.navigationCategoryId)?.navigationCategoryId ?? undefined;
    const last = draft.last ?? {};
    const left = typeof last.id === 'string' ? tree.find(last.id) : undefined;
    const place = tree.place(path, root);
    const id = left?.id ?? place.id;
    const row = left ?? tree.find(id);
    const base = { id: draft.id, reference: draft.reference, notes: [] };
    if (category.deleted && row === undefined) {
      return { ...base, values: {}, steps: [{ id: 'category', action: 'skip', subject: 'category', reason: 'inactive', changes: [] }] };
    }
    const sheet = createSheet({ creating: row === undefined, last, policyOf: () => 'always' });
    sheet.values.id = id;
    const name = path.at(-1) ?? category.name;
    const written: Record<string, unknown> = {};
    if (sheet.write('name', { wanted: name, current: row && shownName(row), parse: asText, required: true })) written.name = name;
    const text = category.text === undefined ? undefined : htmlOf(category.text);
    const current = row && (row.description ?? '');
    if (sheet.write('text', { wanted: text, current, same: sameHtml, parse: asText })) written.description = text;
    const steps: PlanStep[] = (left ? [] : place.create).map(({ entity, action, row: created }) => ({
      id: created.id === id ? 'category' : `category-${String(created.id)}`,
      action: 'create',
      subject: 'category',
      targetId: String(created.id),
      changes: created.id === id ? sheet.changes : [{ field: 'name', after: created.name }],
      request: requestOf([{ entity, action, row: created.id === id ? { ...created, ...written } : created }]),
    }));
    if (!steps.some((step) => step.id === 'category')) {
      const step = { id: 'category', subject: 'category', targetId: id, changes: sheet.changes };
      const nothing = { ...step, action: 'skip', reason: sheet.changes.length > 0 ? 'edited' : 'unchanged' } as const;
      const update = {
        ...step,
        action: 'update',
        request: requestOf([{ entity: 'category', action: 'upsert', row: { id, ...written } }]),
      } as const;
      steps.push(Object.keys(written).length === 0 ? nothing : update);
    }
    return { ...base, target: { id, number: path.join(' / ') }, steps, values: sheet.values };
  });
}

const unusable = (draft: Draft): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shopware.draft-unusable',
    message: `The category ${draft.id} has no name or no place in the tree.`,
    params: { record: draft.id },
  });
