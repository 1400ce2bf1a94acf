import { type Fields, flagOf, inside, numberOf, numbersOf } from '../fields.ts';
import type { Till, TillGroup } from '../till.ts';

/** Product numbers by group: one walk through the products, however many groups there are. */
function productsByGroup(till: Till): ReadonlyMap<number, number[]> {
  const numbers = new Map<number, number[]>();
  for (const product of till.products.values()) {
    for (const group of product.groupNumbers) {
      const list = numbers.get(group);
      if (list === undefined) numbers.set(group, [product.productNumber]);
      else list.push(product.productNumber);
    }
  }
  return numbers;
}

interface Wanted {
  since: number;
  products: ReadonlyMap<number, number[]>;
  articles: boolean;
}

function articleNumbers(till: Till, products: readonly number[]): number[] {
  return products.flatMap((number) => till.products.get(number)?.articles.map(({ articleNumber }) => articleNumber) ?? []);
}

function tree(till: Till, parent: number, wanted: Wanted): Fields[] {
  return [...till.groups.values()]
    .filter((group) => group.parent === parent && group.syncMarker >= wanted.since && !group.deleted)
    .map((group) => {
      const products = wanted.products.get(group.groupNumber) ?? [];
      return {
        groupNumber: group.groupNumber,
        syncMarker: group.syncMarker,
        name: group.name,
        text: group.text,
        subGroupList: { articleGroups: tree(till, group.groupNumber, wanted) },
        sortOrder: group.sortOrder,
        productNumbers: { number: products },
        articleNumbers: wanted.articles ? { number: articleNumbers(till, products) } : undefined,
        isDeleted: false,
      };
    });
}

/** The tree of what there is; deleted groups are only told by the changes. */
export function getArticleGroups(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const wanted = numbersOf(request, 'groupNumbers');
  const top = tree(till, 0, {
    since: numberOf(request, 'syncMarker') ?? 0,
    products: productsByGroup(till),
    articles: flagOf(request, 'retrieveArticleNumbers'),
  });
  return {
    articleGroupList: { articleGroups: top.filter((group) => wanted.length === 0 || wanted.includes(Number(group.groupNumber))) },
  };
}

function changedGroup(till: Till, group: TillGroup, products: readonly number[]): Fields {
  return {
    groupNumber: group.groupNumber,
    parentGroupNumber: group.parent,
    syncMarker: group.syncMarker,
    name: group.name,
    text: group.text,
    subGroupNumbers: {
      number: [...till.groups.values()]
        .filter((each) => each.parent === group.groupNumber && !each.deleted)
        .map(({ groupNumber }) => groupNumber),
    },
    sortOrder: group.sortOrder,
    productNumbers: { number: products },
    isDeleted: group.deleted,
  };
}

/** Flat, deleted ones among them. */
export function getArticleGroupChanges(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const wanted = numbersOf(request, 'groupNumbers');
  const since = numberOf(request, 'syncMarker') ?? 0;
  const products = productsByGroup(till);
  const changed = [...till.groups.values()]
    .filter((group) => group.syncMarker >= since && (wanted.length === 0 || wanted.includes(group.groupNumber)))
    .sort((a, b) => a.syncMarker - b.syncMarker)
    .slice(0, numberOf(request, 'syncMarkerLimit') || 1000);
  return {
    changedArticleGroupList: {
      changedArticleGroups: changed.map((group) => changedGroup(till, group, products.get(group.groupNumber) ?? [])),
    },
  };
}
