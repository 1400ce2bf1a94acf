/** Article groups of the till as categories: changes from the flat list, the groups themselves from the tree. */
import type { Category } from '../commerce.ts';
import type { Change } from '../connector.ts';
import type { ArticleGroup, ChangedArticleGroup } from './catalogue-answers.ts';
import { lastSeen } from './cursor.ts';
import type { Till } from './till.ts';

const pageSize = 250;

async function* changedPages(till: Till, after: number): AsyncIterable<readonly (ChangedArticleGroup & { syncMarker: number })[]> {
  let from = after + 1;
  for (;;) {
    const { changedArticleGroupList } = await till.client.call('getArticleGroupChanges', {
      request: { syncMarker: from, syncMarkerLimit: pageSize },
    });
    const page = changedArticleGroupList
      .flatMap((group) => (group.syncMarker !== undefined && group.syncMarker >= from ? [{ ...group, syncMarker: group.syncMarker }] : []))
      .sort((a, b) => a.syncMarker - b.syncMarker);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    from = last.syncMarker + 1;
  }
}

export async function* changedCategories(till: Till, cursor: string | undefined): AsyncIterable<Change> {
  for await (const page of changedPages(till, await lastSeen(till, 'articleGroup', cursor))) {
    for (const { groupNumber, name, syncMarker } of page) {
      yield { id: String(groupNumber), number: name, version: String(syncMarker), cursor: String(syncMarker) };
    }
  }
}

/** In the order of the ids, `undefined` where there never was such a group. One call for the tree; only what is not in it is looked up among the deleted. */
export async function readCategories(till: Till, ids: readonly string[]): Promise<(Category | undefined)[]> {
  const found = await categoryTree(till);
  if (ids.some((id) => !found.has(id))) {
    for await (const page of changedPages(till, 0)) {
      for (const group of page) {
        const id = String(group.groupNumber);
        if (!found.has(id)) found.set(id, categoryOf(group, group.parentGroupNumber));
      }
    }
  }
  return ids.map((id) => found.get(id));
}

/** All groups there are, by id, parents before their children. */
export async function categoryTree(till: Till): Promise<Map<string, Category>> {
  const { articleGroupList } = await till.client.call('getArticleGroups', { request: {} });
  const found = new Map<string, Category>();
  const walk = (groups: readonly ArticleGroup[], parent: number | undefined): void => {
    for (const group of groups) {
      found.set(String(group.groupNumber), categoryOf(group, parent));
      walk(group.subGroupList, group.groupNumber);
    }
  };
  walk(articleGroupList, undefined);
  return found;
}

/** Parent 0 is the top. */
function categoryOf(group: Omit<ArticleGroup, 'subGroupList'>, parent: number | undefined): Category {
  return {
    id: String(group.groupNumber),
    ...(parent !== undefined && parent !== 0 && { parentId: String(parent) }),
    name: group.name,
    ...(group.text !== '' && { text: group.text }),
    position: group.sortOrder ?? 0,
    deleted: group.isDeleted === true,
  };
}
