/** What the merchant chooses from in settings and tables: the till's own lists. */
import type { Category } from '../commerce.ts';
import type { VocabularyItem } from '../connector.ts';
import { Failure } from '../failure.ts';
import { categoryTree } from './categories.ts';
import type { Till } from './till.ts';
import { percent } from './vat.ts';

/** The till may have tens of thousands of articles; a number can always be typed. */
const mostArticles = 2_000;

/** Throws fix-data `till.vocabulary-unknown` for a list that the till does not have. */
export async function readVocabulary(till: Till, list: string): Promise<VocabularyItem[]> {
  switch (list) {
    case 'branches':
      return (await till.client.call('getBranches')).branches.map(({ branchNumber, branchName }) => item(branchNumber, branchName));
    case 'workplaces': {
      const { branches } = await till.client.call('getBranches');
      const own = branches.find(({ branchNumber }) => branchNumber === till.settings.branchNumber);
      return (own?.workplaces ?? []).map(({ workplaceNumber, workplaceName }) => item(workplaceNumber, workplaceName));
    }
    case 'employees':
      return (await till.client.call('getEmployees', { request: {} })).employeeList
        .filter(({ active }) => active !== false)
        .map(({ employeeNumber, name, username }) => item(employeeNumber, name || username));
    case 'vatGroups':
      return (await till.vatCodes()).map(({ code, rateBp, country }) => ({
        value: String(code),
        label: `${percent(rateBp)} %${country === undefined ? '' : ` ${country}`}`,
        hint: String(code),
      }));
    case 'taxRates': {
      const rates = new Set((await till.vatCodes()).map(({ rateBp }) => rateBp));
      return [...rates].sort((a, b) => b - a).map((rateBp) => ({ value: String(rateBp), label: `${percent(rateBp)} %` }));
    }
    case 'paymentMethods':
      return (await till.client.call('getPaymentMethods')).paymentMethodList
        .filter(({ active }) => active !== false)
        .map(({ method, description }) => item(method, description));
    case 'deliveryMethods':
      return (await till.client.call('getDeliveryMethods')).deliveryMethodList
        .filter(({ enabled }) => enabled !== false)
        .map(({ deliveryMethod, description }) => item(deliveryMethod, description));
    case 'turnoverGroups':
      return (await till.client.call('getTurnoverGroups', { request: { onlyActive: true } })).turnoverGroupList.map(
        ({ turnoverGroup, turnoverGroupName }) => item(turnoverGroup, turnoverGroupName),
      );
    case 'articleGroups': {
      const groups = await categoryTree(till);
      return [...groups.values()].map(({ id }) => item(id, pathOf(groups, id)));
    }
    case 'vatMethods':
      return [
        { value: 'inclusive', label: 'Inclusive' },
        { value: 'exclusive', label: 'Exclusive' },
        { value: 'shifted', label: 'Reverse charge' },
        { value: 'none', label: 'None' },
      ];
    case 'articles':
      return articles(till);
    default:
      throw new Failure({
        remedy: 'fix-data',
        code: 'till.vocabulary-unknown',
        message: `The till has no list called ${list}.`,
        params: { list },
      });
  }
}

function pathOf(groups: ReadonlyMap<string, Category>, id: string): string {
  const group = groups.get(id);
  if (group === undefined) return '';
  return group.parentId === undefined ? group.name : `${pathOf(groups, group.parentId)} / ${group.name}`;
}

async function articles(till: Till): Promise<VocabularyItem[]> {
  const { productList } = await till.client.call('getProducts', {
    request: { pluNumbers: {}, onlyWebshop: false, onlyActive: true, syncMarker: 0, syncMarkerLimit: mostArticles },
  });
  return productList
    .flatMap((product) => product.articleList.map((article) => ({ article, name: article.description || product.description })))
    .slice(0, mostArticles)
    .map(({ article, name }) => item(article.articleNumber, [name, article.colour, article.size].filter(Boolean).join(' ')));
}

function item(value: string | number, label: string): VocabularyItem {
  return { value: String(value), label: label === '' ? String(value) : label, hint: String(value) };
}
