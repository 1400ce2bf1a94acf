/** Routes of what groups the goods: categories and what is in them, brands, tax rates. */
import { type Call, created, found, gone, listRoutes, ok, type Routes } from './cseries-call.ts';
import { type Category, type CSeriesState, textOf } from './cseries-state.ts';
import { type Fields, Refusal, reference, stamp } from './cseries-wire.ts';

function showCategory(state: CSeriesState, row: Category, language: string): Fields {
  const to = state.linker(language);
  const text = (field: string) => textOf(state, row.texts, language, field);
  const path: string[] = [];
  for (let at: Category | undefined = row; at !== undefined; at = state.tables.categories.get(at.parentId ?? 0))
    path.unshift(String(at.id));
  return {
    ...{ id: row.id, createdAt: stamp(row.createdAt), updatedAt: stamp(row.updatedAt), isVisible: row.more.isVisible ?? true },
    ...{ depth: path.length, path, type: 'category', sortOrder: row.more.sortOrder ?? 1, sorting: 'default', url: text('url') },
    ...{ title: text('title'), fulltitle: text('fulltitle'), description: text('description'), content: text('content'), image: false },
    parent: row.parentId === undefined ? false : reference(to, `categories/${row.parentId}`, row.parentId),
    children: reference(to, `categories?parent=${row.id}`, false),
    products: reference(to, `categories/products?category=${row.id}`, false),
  };
}

function writeCategory({ state, language }: Call, row: Category, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (['title', 'fulltitle', 'description', 'content', 'url'].includes(name)) {
      if (name === 'title' && String(value).trim() === '') throw new Refusal(422, 'Invalid category title');
      row.texts = { ...row.texts, [language]: { ...row.texts[language], [name]: String(value) } };
    } else if (name === 'parent') {
      const parent = Number(value);
      if (parent > 0) found(state.tables.categories.get(parent), 'Category');
      row.parentId = parent > 0 ? parent : undefined;
    } else if (['isVisible', 'sortOrder', 'type', 'sorting'].includes(name)) row.more[name] = value;
    else state.unexpected.push(`a field that no category has: ${name}`);
  }
}

function relate({ state }: Call, fields: Fields) {
  const category = found(state.tables.categories.get(Number(fields.category)), 'Category');
  const product = found(state.tables.products.get(Number(fields.product)), 'Product');
  const known = state.tables.categoryProducts.find('product', String(product.id)).find((row) => row.categoryId === category.id);
  const time = state.now();
  return (
    known ??
    state.tables.categoryProducts.add((id) => ({
      id,
      createdAt: time,
      updatedAt: time,
      categoryId: category.id,
      productId: product.id,
      sortOrder: Number(fields.sortOrder ?? 1),
    }))
  );
}

const showRelation = (state: CSeriesState, row: ReturnType<typeof relate>, language: string): Fields => ({
  id: row.id,
  sortOrder: row.sortOrder,
  category: reference(state.linker(language), `categories/${row.categoryId}`, row.categoryId),
  product: reference(state.linker(language), `products/${row.productId}`, row.productId),
});

const categories: Routes = {
  ...listRoutes('categories', 'categories', { table: (state) => state.tables.categories, show: showCategory }),
  'GET categories/#': (call) => {
    const row = found(call.state.tables.categories.get(call.ids[0] ?? 0), 'Category');
    return ok({ category: showCategory(call.state, row, call.language) });
  },
  'POST categories': (call) => {
    const fields = call.body('category');
    if (String(fields.title ?? '').trim() === '') throw new Refusal(422, 'Invalid category title');
    const time = call.state.now();
    const checked: Category = { id: 0, createdAt: time, updatedAt: time, parentId: undefined, texts: {}, more: {} };
    writeCategory(call, checked, fields);
    const row = call.state.tables.categories.add((id) => ({ ...checked, id }));
    return created({ category: showCategory(call.state, row, call.language) });
  },
  'PUT categories/#': (call) => {
    const row = found(call.state.tables.categories.get(call.ids[0] ?? 0), 'Category');
    writeCategory(call, row, call.body('category'));
    row.updatedAt = call.state.now();
    call.state.tables.categories.changed(row);
    return ok({ category: showCategory(call.state, row, call.language) });
  },
  'DELETE categories/#': (call) => {
    const row = found(call.state.tables.categories.get(call.ids[0] ?? 0), 'Category');
    for (const relation of call.state.tables.categoryProducts.find('category', String(row.id)))
      call.state.tables.categoryProducts.remove(relation.id);
    call.state.tables.categories.remove(row.id);
    return gone;
  },
  ...listRoutes('categories/products', 'categoriesProducts', { table: (state) => state.tables.categoryProducts, show: showRelation }),
  'POST categories/products': (call) =>
    created({ categoriesProduct: showRelation(call.state, relate(call, call.body('categoriesProduct')), call.language) }),
  'POST categories/products/bulk': (call) => {
    const rows = call.raw().categoriesProduct;
    if (!Array.isArray(rows) || rows.length === 0) throw new Refusal(400, 'Invalid data input.');
    return created({
      categoriesProducts: (rows as Fields[]).map((fields) => showRelation(call.state, relate(call, fields), call.language)),
    });
  },
  'DELETE categories/products/#': (call) => {
    if (!call.state.tables.categoryProducts.remove(call.ids[0] ?? 0)) throw new Refusal(404, 'Relation not found');
    return gone;
  },
};

const showBrand = (state: CSeriesState, row: ReturnType<CSeriesState['tables']['brands']['all']>[number], language: string): Fields => ({
  ...{ id: row.id, createdAt: stamp(row.createdAt), updatedAt: stamp(row.updatedAt), title: row.title, content: row.content },
  ...{ url: row.title.toLowerCase().replace(/\W+/g, '-'), image: false, isVisible: true },
  products: reference(state.linker(language), `products?brand=${row.id}`, false),
});

const brands: Routes = {
  ...listRoutes('brands', 'brands', { table: (state) => state.tables.brands, show: showBrand }),
  'GET brands/#': ({ state, ids, language }) =>
    ok({ brand: showBrand(state, found(state.tables.brands.get(ids[0] ?? 0), 'Brand'), language) }),
  'POST brands': (call) => {
    const { title, content } = call.body('brand');
    if (String(title ?? '').trim() === '') throw new Refusal(422, 'Invalid brand title');
    if (call.state.tables.brands.all().some((brand) => brand.title === title))
      throw new Refusal(422, 'Submitted brand already exists, try update.');
    const time = call.state.now();
    const row = call.state.tables.brands.add((id) => ({
      id,
      createdAt: time,
      updatedAt: time,
      title: String(title),
      content: String(content ?? ''),
    }));
    return created({ brand: showBrand(call.state, row, call.language) });
  },
};

const taxes: Routes = listRoutes('taxes', 'taxes', {
  table: (state) => state.tables.taxes,
  show: (state, row) => ({
    ...{ id: row.id, createdAt: stamp(row.createdAt), updatedAt: stamp(row.updatedAt), isDefault: row.isDefault, title: row.title },
    rate: state.knobs.taxRates === 'fraction' ? row.rate / 10_000 : row.rate / 100,
  }),
});

export const groupRoutes: Routes = { ...categories, ...brands, ...taxes };
