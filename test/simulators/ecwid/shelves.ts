/** What the store sells: products with their options and combinations, categories, product types. Each write tells the webhooks. */
import { catalogue } from './catalogue.ts';
import { dated, type ShopEvent } from './events.ts';
import {
  type Body,
  mugs,
  Refusal,
  type SimAttribute,
  type SimCategory,
  type SimCombination,
  type SimOption,
  type SimProduct,
  type SimTrait,
  withChoices,
} from './goods.ts';

const general = [
  { id: 201_437_969, name: 'UPC', type: 'UPC', show: 'DESCR' },
  { id: 201_437_970, name: 'Brand', type: 'BRAND', show: 'DESCR' },
  { id: 201_437_971, name: 'Material', type: 'CUSTOM', show: 'DESCR' },
] as const;

const rates: Readonly<Record<number, number>> = { 1: 21, 2: 9 };

export type Shelves = ReturnType<typeof createShelves>;

export function createShelves(options: { now(): Date; tell(event: ShopEvent): void }) {
  const products = new Map<number, SimProduct>();
  const categories = new Map<number, SimCategory>();
  const madeAt = new Map<number, number>();
  /** What lists show while the index lags: the version before the last, and since when the last is there. */
  const before = new Map<number, { readonly shown: object | undefined; readonly until: number }>();
  const knobs = { sameSkuAllowed: false, mostProducts: Number.POSITIVE_INFINITY };
  let nextId = 700_000;
  const seconds = () => Math.floor(options.now().getTime() / 1000);
  const newId = () => {
    nextId += 1;
    return nextId;
  };

  catalogue.forEach((item, index) => {
    const id = 660_000 + index;
    products.set(id, {
      id,
      sku: item.sku,
      name: item.name,
      price: item.price / 100,
      quantity: item.stock,
      unlimited: false,
      enabled: true,
      description: '',
      subtitle: '',
      tax: { taxable: item.rate > 0, enabledManualTaxes: item.rate === 2100 ? [1] : item.rate === 900 ? [2] : [] },
      categoryIds: [],
      attributes: [],
      options: [],
      combinations: item.sku === '1006' ? mugs() : [],
      created: 1_700_000_000,
      updated: 1_700_000_000,
    });
  });

  function shown(product: SimProduct): object {
    const { created, updated, tax, quantity, combinations, ...rest } = product;
    return {
      ...rest,
      ...(!product.unlimited && { quantity }),
      inStock: product.unlimited || quantity > 0,
      tax: {
        ...tax,
        defaultLocationIncludedTaxRate: tax.taxable ? (rates[tax.enabledManualTaxes[0] ?? 0] ?? 0) : 0,
      },
      productClassId: 0,
      created: dated(new Date(created * 1000)),
      updated: dated(new Date(updated * 1000)),
      createTimestamp: created,
      updateTimestamp: updated,
      combinations: combinations.map(shownCombination),
    };
  }

  /** What it inherits is left out. */
  function shownCombination({ sku, price, quantity, ...rest }: SimCombination): object {
    const own = sku !== '';
    return { ...rest, ...(own && { sku }), ...(price !== undefined && { price }), ...(own && !rest.unlimited && { quantity }) };
  }

  function product(id: number): SimProduct {
    const found = products.get(id);
    if (found === undefined) throw new Refusal(404, 'PRODUCT_NOT_FOUND', `Product #${id} not found`);
    return found;
  }

  function combination(of: SimProduct, id: number): SimCombination {
    const found = of.combinations.find((one) => one.id === id);
    if (found === undefined) throw new Refusal(404, 'COMBINATION_NOT_FOUND');
    return found;
  }

  /** Everything that carries a SKU of its own. */
  const skusInUse = (): Map<string, string> =>
    new Map(
      [...products.values()].flatMap((one) => [
        [one.sku, String(one.id)] as const,
        ...one.combinations.map(({ sku, id }) => [sku, `${one.id}-${id}`] as const),
      ]),
    );

  function mustBeFree(sku: unknown, owner: string): void {
    if (knobs.sameSkuAllowed || typeof sku !== 'string' || sku === '') return;
    const taken = skusInUse().get(sku);
    if (taken !== undefined && taken !== owner) throw new Refusal(409, 'SKU_ALREADY_EXISTS', `SKU ${sku} already exists`);
  }

  function attributesOf(given: unknown): SimAttribute[] {
    return (given as Body[]).map((one) => {
      const known = general.find(({ id, name, type }) => id === one.id || name === one.name || type === one.alias);
      if (known === undefined) throw new Refusal(400, 'WRONG_PARAMETER', 'Unknown attribute');
      return { ...known, value: String(one.value ?? ''), ...(typeof one.show === 'string' && { show: one.show }) };
    });
  }

  /** Fields that are given replace those that are there, arrays as a whole. */
  function changed(current: SimProduct, body: Body): SimProduct {
    const next = { ...current };
    for (const name of ['sku', 'name', 'description', 'subtitle', 'externalReferenceId'] as const) {
      if (typeof body[name] === 'string') next[name] = body[name];
    }
    for (const name of ['price', 'quantity'] as const) if (typeof body[name] === 'number') next[name] = body[name];
    for (const name of ['enabled', 'unlimited'] as const) if (typeof body[name] === 'boolean') next[name] = body[name];
    if (typeof body.quantity === 'number' && body.unlimited === undefined) next.unlimited = false;
    if (body.tax !== undefined) next.tax = body.tax as SimProduct['tax'];
    if (body.attributes !== undefined) next.attributes = attributesOf(body.attributes);
    if (body.options !== undefined) next.options = body.options as readonly SimOption[];
    if (body.categoryIds !== undefined) {
      next.categoryIds = body.categoryIds as readonly number[];
      if (next.categoryIds.some((id) => !categories.has(id))) throw new Refusal(400, 'WRONG_PARAMETER', 'Unknown category');
    }
    if (next.name === '') throw new Refusal(400, 'WRONG_PARAMETER', 'Field Product.name is empty');
    mustBeFree(body.sku, String(current.id));
    const reference = body.externalReferenceId;
    if (reference !== undefined && [...products.values()].some((one) => one.id !== current.id && one.externalReferenceId === reference)) {
      throw new Refusal(409, 'EXTERNAL_ID_ALREADY_USED');
    }
    return next;
  }

  function combinationFrom(body: Body, current: SimCombination): SimCombination {
    const next = { ...current };
    if (Array.isArray(body.options)) next.options = body.options as SimTrait[];
    if (typeof body.sku === 'string') next.sku = body.sku;
    if (typeof body.price === 'number') next.price = body.price;
    if (typeof body.quantity === 'number') next.quantity = body.quantity;
    if (typeof body.unlimited === 'boolean') next.unlimited = body.unlimited;
    if (body.attributes !== undefined) next.attributes = attributesOf(body.attributes);
    if (next.options.length === 0) throw new Refusal(400, 'WRONG_PARAMETER', 'Field Combination.options is absent');
    return next;
  }

  function added(to: SimProduct, body: Body): SimProduct {
    const number = Math.max(0, ...to.combinations.map((one) => one.combinationNumber)) + 1;
    const blank = { id: newId(), combinationNumber: number, options: [], sku: '', quantity: 0, unlimited: true, attributes: [] };
    const made = combinationFrom(body, blank);
    mustBeFree(made.sku, '');
    const told = (traits: readonly SimTrait[]) => JSON.stringify(traits.map(({ name, value }) => [name, value]).sort());
    if (to.combinations.some((one) => told(one.options) === told(made.options))) throw new Refusal(409, 'COMBINATION_DUPLICATED');
    return { ...to, options: withChoices(to.options, made.options), combinations: [...to.combinations, made] };
  }

  function store(next: SimProduct, event: 'created' | 'updated'): SimProduct {
    const current = products.get(next.id);
    before.set(next.id, { shown: current && shown(current), until: options.now().getTime() });
    const stored = { ...next, updated: seconds() };
    products.set(stored.id, stored);
    options.tell({ eventType: `product.${event}`, entityId: stored.id });
    return stored;
  }

  return {
    products,
    categories,
    knobs,
    classes: () => [{ id: 0, attributes: general }],
    /** For the page: each article by name, price and stock. */
    shelf: () =>
      [...products.values()].map(({ id, sku, name, price, quantity, unlimited, enabled, description, combinations }) => ({
        id,
        sku,
        name,
        price,
        quantity,
        unlimited,
        enabled,
        description,
        combinations: combinations
          .filter((one) => one.sku !== '')
          .map((one) => ({
            sku: one.sku,
            name: `${name}: ${one.options.map(({ value }) => value).join(', ')}`,
            price: one.price ?? price,
            quantity: one.quantity,
            unlimited: one.unlimited,
          })),
      })),
    product: (id: number): object => shown(product(id)),
    combinationsOf: (id: number): object[] => product(id).combinations.map(shownCombination),
    combinationOf: (id: number, combinationId: number): object => shownCombination(combination(product(id), combinationId)),
    /** As the index has them, which is `lagMs` behind. */
    listed(lagMs: number): object[] {
      const now = options.now().getTime();
      return [...products.values()].flatMap((one) => {
        const last = before.get(one.id);
        if (lagMs === 0 || last === undefined || last.until <= now - lagMs) return [shown(one)];
        return last.shown === undefined ? [] : [last.shown];
      });
    },
    create(body: Body, saveCombinations: boolean): number {
      for (const name of ['name', 'sku']) {
        if (typeof body[name] !== 'string') throw new Refusal(400, 'WRONG_PARAMETER', `Field Product.${name} is absent`);
      }
      if (products.size >= knobs.mostProducts) throw new Refusal(402, 'MAX_PRODUCTS_FOR_API_REQUEST_LIMIT_EXCEEDED');
      const id = newId();
      const blank: SimProduct = {
        id,
        sku: '',
        name: '',
        price: 0,
        quantity: 0,
        unlimited: true,
        enabled: true,
        description: '',
        subtitle: '',
        tax: { taxable: true, enabledManualTaxes: [1] },
        categoryIds: [],
        attributes: [],
        options: [],
        combinations: [],
        created: seconds(),
        updated: seconds(),
      };
      let made = changed(blank, body);
      if (saveCombinations) for (const one of (body.combinations ?? []) as Body[]) made = added(made, one);
      store(made, 'created');
      return id;
    },
    update(id: number, body: Body): void {
      store(changed(product(id), body), 'updated');
    },
    adjust(id: number, delta: number, combinationId?: number): number {
      const of = product(id);
      const own = combinationId === undefined ? undefined : combination(of, combinationId);
      if (own === undefined || own.sku === '') return store({ ...of, quantity: of.quantity + delta }, 'updated').quantity;
      const next = { ...own, quantity: own.quantity + delta };
      store({ ...of, combinations: of.combinations.map((one) => (one.id === own.id ? next : one)) }, 'updated');
      return next.quantity;
    },
    addCombination(id: number, body: Body): number {
      const next = store(added(product(id), body), 'updated');
      return next.combinations.at(-1)?.id ?? 0;
    },
    updateCombination(id: number, combinationId: number, body: Body): void {
      const of = product(id);
      const next = combinationFrom(body, combination(of, combinationId));
      mustBeFree(body.sku, `${id}-${combinationId}`);
      store({ ...of, combinations: of.combinations.map((one) => (one.id === combinationId ? next : one)) }, 'updated');
    },
    /** The index shows a new one `lagMs` late. */
    listedCategories(lagMs: number): SimCategory[] {
      const now = options.now().getTime();
      return [...categories.values()].filter(({ id }) => lagMs === 0 || (madeAt.get(id) ?? 0) <= now - lagMs);
    },
    category(id: number): SimCategory {
      const found = categories.get(id);
      if (found === undefined) throw new Refusal(404, 'CATEGORIES_NOT_FOUND', `Category #${id} not found`);
      return found;
    },
    createCategory(body: Body): number {
      if (typeof body.name !== 'string' || body.name === '') throw new Refusal(400, 'WRONG_PARAMETER', 'Field Category.name is absent');
      const parentId = typeof body.parentId === 'number' && body.parentId > 0 ? body.parentId : undefined;
      if (parentId !== undefined && !categories.has(parentId)) throw new Refusal(400, 'WRONG_PARAMETER', 'Unknown parent category');
      const id = newId();
      categories.set(id, {
        id,
        parentId,
        name: body.name,
        description: '',
        enabled: body.enabled !== false,
        orderBy: categories.size * 10,
      });
      madeAt.set(id, options.now().getTime());
      options.tell({ eventType: 'category.created', entityId: id });
      return id;
    },
    updateCategory(id: number, body: Body): void {
      categories.set(id, { ...this.category(id), ...(typeof body.name === 'string' && { name: body.name }) });
      options.tell({ eventType: 'category.updated', entityId: id });
    },
  };
}
