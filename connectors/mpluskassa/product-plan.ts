/** Plans for products that a shop brings to the till: what stands there, what differs, and what the merchant lets us write. */
import type { Draft, FieldChange, Plan, PlanStep } from '../connector.ts';
import { attempt, Failure, failureOf } from '../failure.ts';
import { articleNumberPattern } from './articles.ts';
import { barcodesOf } from './barcodes.ts';
import { fetched } from './catalogue.ts';
import type { Article, TillProduct } from './catalogue-answers.ts';
import { render } from './client.ts';
import { drafted } from './drafted.ts';
import { ProductDraft } from './product-draft.ts';
import { type PolicyField, productPolicies } from './product-settings.ts';
import { type ArticleValues, numbersOf, type Unit, unitsOf, wantedArticle } from './product-units.ts';
import type { Till } from './till.ts';
import type { VatCode } from './vat.ts';

const lookedUpAtOnce = 250;

/** One plan or Failure per draft: one call for up to 250 articles of all drafts together. */
export async function planProducts(till: Till, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  const parsed = drafts.map((source) => attempt(() => prepared(source)));
  const good = parsed.flatMap((item) => (item instanceof Failure ? [] : [item]));
  const barcodes = good.some(({ draft }) => draft.policy.matchByBarcode) ? await barcodesOf(till).find() : undefined;
  const asked = good.flatMap(({ units }) => units.flatMap(({ article }) => (articleNumberPattern.test(article) ? [Number(article)] : [])));
  const byNumber = await holders(till, asked);
  const named = good.map((item) => {
    const { draft, units } = item;
    const byBarcode = ({ article, ean }: Unit): number | undefined =>
      barcodes === undefined || !draft.policy.matchByBarcode || ean === undefined || byNumber.has(Number(article))
        ? undefined
        : barcodes(ean);
    return { item, numbers: attempt(() => numbersOf(draft, units, byBarcode)) };
  });
  const matched = named.flatMap(({ numbers }) => (numbers instanceof Failure ? [] : numbers)).filter((number) => !byNumber.has(number));
  const others = barcodes === undefined ? new Map() : await holders(till, matched);
  const codes = await till.vatCodes();
  const planned = new Map(
    named.map(({ item, numbers }) => [
      item,
      numbers instanceof Failure
        ? numbers
        : attempt(() =>
            planProduct(item, { numbers, codes, holders: new Map([...byNumber, ...others]), currency: till.settings.currency }),
          ),
    ]),
  );
  return parsed.map((item) => (item instanceof Failure ? item : (planned.get(item) ?? failureOf(undefined))));
}

/** The products that hold articles, by article number. */
async function holders(till: Till, numbers: readonly number[]): Promise<Map<number, TillProduct>> {
  const unique = [...new Set(numbers)];
  const found = new Map<number, TillProduct>();
  for (let from = 0; from < unique.length; from += lookedUpAtOnce) {
    const { products } = await fetched(till, 'articleNumbers', unique.slice(from, from + lookedUpAtOnce));
    for (const product of products) for (const { articleNumber } of product.articleList) found.set(articleNumber, product);
  }
  return found;
}

interface Prepared {
  readonly source: Draft;
  readonly draft: ProductDraft;
  readonly units: readonly Unit[];
}

function prepared(source: Draft): Prepared {
  const draft = drafted(ProductDraft, source);
  return { source, draft, units: unitsOf(draft) };
}

interface Found {
  readonly numbers: readonly number[];
  readonly holders: ReadonlyMap<number, TillProduct>;
  readonly codes: readonly VatCode[];
  readonly currency: string;
}

/** Articles that the till keeps in several products are changed where they are; new ones go to the first of these. */
function planProduct({ source, draft, units }: Prepared, found: Found): Plan {
  const existing = [...new Set(found.numbers.flatMap((number) => found.holders.get(number) ?? []))].sort(
    (a, b) => (a.productNumber ?? 0) - (b.productNumber ?? 0),
  );
  const [home] = existing;
  const values: Record<string, unknown> = {};
  const writer = createWriter(source, draft, values);
  const plan = { id: source.id, reference: source.reference, notes: [] };
  if (home === undefined && !draft.product.active) {
    return { ...plan, steps: [{ id: 'product', action: 'skip', subject: 'product', reason: 'inactive', changes: [] }] };
  }
  const steps = (home === undefined ? [undefined] : existing).map((product, index): PlanStep => {
    const own = units.flatMap((unit, at) => {
      const number = found.numbers[at] ?? 0;
      const holder = found.holders.get(number) ?? home;
      if (holder !== product) return [];
      const article = product?.articleList.find(({ articleNumber }) => articleNumber === number);
      return [{ number, unit, article, wanted: wantedArticle(unit, draft.product, { ...found, existing: article }) }];
    });
    return stepOf(own, { id: index === 0 ? 'product' : `product-${index + 1}`, product, whole: existing.length < 2, draft, writer });
  });
  return {
    ...plan,
    steps,
    values,
    ...(home?.productNumber !== undefined && { target: { id: String(home.productNumber), number: String(found.numbers[0]) } }),
  };
}

interface Own {
  readonly number: number;
  readonly unit: Unit;
  /** As it stands in the till. */
  readonly article: Article | undefined;
  readonly wanted: ArticleValues;
}

interface StepContext {
  readonly id: string;
  readonly product: TillProduct | undefined;
  /** The till keeps the shop's product as one product: its own name and text are the shop's as well. */
  readonly whole: boolean;
  readonly draft: ProductDraft;
  readonly writer: Writer;
}

function stepOf(own: readonly Own[], { id, product, whole, draft, writer }: StepContext): PlanStep {
  const { product: wanted } = draft;
  const changes: FieldChange[] = [];
  const write = (key: string, field: PolicyField, values: { current: unknown; wanted: unknown; fresh: boolean }): unknown =>
    writer({ key, field, ...values }, changes);
  const fresh = product === undefined;
  const description = whole
    ? write('description', 'description', { current: product?.description, wanted: wanted.name, fresh })
    : undefined;
  const extraText = whole
    ? write('extraText', 'extraText', { current: product?.extraText ?? '', wanted: wanted.longText, fresh })
    : undefined;
  const articles = own.flatMap((item) => {
    const fields: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(item.wanted)) {
      if (whole && field === 'extraText') continue;
      const current = item.article?.[field as PolicyField] ?? (item.article === undefined ? undefined : '');
      const written = write(`${item.number}.${field}`, field as PolicyField, { current, wanted: value, fresh: item.article === undefined });
      if (written !== undefined) fields[field] = written;
    }
    return articleFields(item, { fields, changes, draft, writer });
  });
  const step = {
    id,
    subject: 'product',
    changes,
    ...(product?.productNumber !== undefined && { targetId: String(product.productNumber) }),
  };
  if (articles.length === 0 && description === undefined && extraText === undefined)
    return { ...step, action: 'skip', reason: changes.length > 0 ? 'kept' : 'unchanged' };
  const operation = fresh ? 'createProduct' : 'updateProduct';
  const body = { productNumber: product?.productNumber, description, extraText, articleList: { article: articles } };
  return { ...step, action: fresh ? 'create' : 'update', request: { operation, body: render(operation, { product: body }) } };
}

/** An article as it is sent, in the order of the wire; none when nothing of it changes. */
function articleFields(
  { number, unit, article }: Own,
  how: { fields: Record<string, unknown>; changes: FieldChange[]; draft: ProductDraft; writer: Writer },
): object[] {
  const { fields, changes, draft, writer } = how;
  const values: Record<string, unknown> = { ...fields };
  if (article === undefined) {
    if (values.turnoverGroup === undefined) throw turnoverGroupMissing(unit);
    Object.assign(values, { active: unit.active, stockArticle: unit.stocked });
    changes.push({ field: `${number}.active`, after: unit.active });
  } else {
    const active = writer.activity(number, { current: article.active !== false, wanted: unit.active, deletion: draft.deletion }, changes);
    if (active !== undefined) values.active = active;
  }
  if (Object.keys(values).length === 0) return [];
  const ordered = wireOrder.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]));
  return [{ articleNumber: number, ...Object.fromEntries(ordered) }];
}

const wireOrder = [
  'active',
  'description',
  'colour',
  'size',
  'invoiceText',
  'barcode',
  'brandName',
  'extraText',
  'turnoverGroup',
  'vatCode',
  'priceIncl',
  'webshop',
  'stockArticle',
];

interface Wish {
  /** Unique in the draft: `1006.priceIncl`. */
  readonly key: string;
  readonly field: PolicyField;
  readonly current: unknown;
  readonly wanted: unknown;
  /** The article is made now. */
  readonly fresh: boolean;
}

interface Writer {
  /** What is to be written, or nothing: not wanted, not allowed, the same already, or edited by somebody. */
  (wish: Wish, changes: FieldChange[]): unknown;
  activity(
    article: number,
    state: { current: boolean; wanted: boolean; deletion: ProductDraft['deletion'] },
    changes: FieldChange[],
  ): boolean | undefined;
}

/** What the till makes no article without, whatever the policies are. */
const required: ReadonlySet<PolicyField> = new Set(['description', 'turnoverGroup', 'vatCode']);

/** Decides field by field, and notes in `values` what will stand in the till by our hand. */
function createWriter(source: Draft, draft: ProductDraft, values: Record<string, unknown>): Writer {
  const last = source.last ?? {};
  const writer = ({ key, field, current, wanted, fresh }: Wish, changes: FieldChange[]): unknown => {
    const definition = productPolicies.find((candidate) => candidate.field === field);
    // By its own key: left to the till for this one article.
    const policy = draft.policies[key] ?? draft.policies[field] ?? definition?.default ?? 'always';
    const on = definition?.part === 'offer' ? draft.offer : draft.content;
    const needed = fresh && required.has(field);
    const allowed = needed || (on && (policy === 'always' || (fresh && policy === 'on-create')));
    if (wanted === undefined || wanted === '' || !allowed) return undefined;
    if (!fresh && String(current) === String(wanted)) {
      values[key] = wanted;
      return undefined;
    }
    if (!fresh && key in last && String(last[key]) !== String(current)) {
      values[key] = last[key];
      changes.push({ field: key, before: current, after: wanted, kept: { ours: last[key] } });
      return undefined;
    }
    values[key] = wanted;
    changes.push({ field: key, ...(!fresh && { before: current }), after: wanted });
    return wanted;
  };
  /** Switched off only when the merchant wants it, and on again only what we switched off. */
  const activity: Writer['activity'] = (article, { current, wanted, deletion }, changes) => {
    const key = `${article}.active`;
    if (current === wanted) {
      if (key in last) values[key] = wanted;
      return undefined;
    }
    if (wanted ? last[key] !== false : deletion !== 'deactivate') return undefined;
    values[key] = wanted;
    changes.push({ field: key, before: current, after: wanted });
    return wanted;
  };
  return Object.assign(writer, { activity });
}

function turnoverGroupMissing(unit: Unit): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'till.turnover-group-missing',
    message: `The till makes no article without a turnover group, and none is chosen for “${unit.name}”. Choose one in the settings of the product flow.`,
    params: { product: unit.name },
  });
}
