/** What may be written through the Admin API, what an insert needs, and what a row may refer to. */
export type FieldType = 'text' | 'int' | 'number' | 'bool' | 'price' | 'ref';

export interface WritableEntity {
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly required: readonly string[];
  /** A child inherits the rest. */
  readonly requiredOfChild?: readonly string[];
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly refs: Readonly<Record<string, string>>;
  /** Rows of their own, given inside: without an id each is a new one, every time. */
  readonly many: Readonly<Record<string, { readonly entity: string; readonly by: string }>>;
  /** Mappings, given inside as `[{ id }]`; the table that holds them and the list of ids that stands for it here. */
  readonly linked: Readonly<Record<string, { readonly entity: string; readonly list: string; readonly table: string }>>;
}

const plain = { required: [], refs: {}, many: {}, linked: {} } as const;

export const writable: Readonly<Record<string, WritableEntity>> = {
  product: {
    fields: {
      parentId: 'ref',
      productNumber: 'text',
      name: 'text',
      description: 'text',
      keywords: 'text',
      metaTitle: 'text',
      ean: 'text',
      manufacturerNumber: 'text',
      active: 'bool',
      isCloseout: 'bool',
      stock: 'int',
      minPurchase: 'int',
      maxPurchase: 'int',
      purchaseSteps: 'int',
      purchaseUnit: 'number',
      referenceUnit: 'number',
      weight: 'number',
      price: 'price',
      taxId: 'ref',
      manufacturerId: 'ref',
      unitId: 'ref',
    },
    required: ['name', 'productNumber', 'stock', 'taxId', 'price'],
    requiredOfChild: ['productNumber', 'stock'],
    defaults: {
      active: true,
      isCloseout: false,
      minPurchase: 1,
      purchaseSteps: 1,
      shippingFree: false,
      markAsTopseller: false,
    },
    refs: { parentId: 'product', taxId: 'tax', manufacturerId: 'product_manufacturer', unitId: 'unit' },
    many: {
      visibilities: { entity: 'product_visibility', by: 'productId' },
      configuratorSettings: { entity: 'product_configurator_setting', by: 'productId' },
      prices: { entity: 'product_price', by: 'productId' },
      children: { entity: 'product', by: 'parentId' },
    },
    linked: {
      categories: { entity: 'category', list: 'categoryIds', table: 'product_category' },
      options: { entity: 'property_group_option', list: 'optionIds', table: 'product_option' },
      properties: { entity: 'property_group_option', list: 'propertyIds', table: 'product_property' },
    },
  },
  product_visibility: {
    ...plain,
    fields: { productId: 'ref', salesChannelId: 'ref', visibility: 'int' },
    required: ['productId', 'salesChannelId', 'visibility'],
    refs: { productId: 'product', salesChannelId: 'sales_channel' },
  },
  product_configurator_setting: {
    ...plain,
    fields: { productId: 'ref', optionId: 'ref', position: 'int' },
    required: ['productId', 'optionId'],
    refs: { productId: 'product', optionId: 'property_group_option' },
  },
  product_price: {
    ...plain,
    fields: { productId: 'ref', ruleId: 'ref', quantityStart: 'int', quantityEnd: 'int', price: 'price' },
    required: ['productId', 'ruleId', 'quantityStart', 'price'],
    refs: { productId: 'product', ruleId: 'rule' },
  },
  product_manufacturer: { ...plain, fields: { name: 'text', link: 'text' }, required: ['name'] },
  unit: { ...plain, fields: { name: 'text', shortCode: 'text' }, required: ['name', 'shortCode'] },
  property_group: {
    ...plain,
    fields: { name: 'text', displayType: 'text', sortingType: 'text', filterable: 'bool', position: 'int' },
    required: ['name'],
    defaults: { displayType: 'text', sortingType: 'alphanumeric', filterable: true },
    many: { options: { entity: 'property_group_option', by: 'groupId' } },
  },
  property_group_option: {
    ...plain,
    fields: { name: 'text', groupId: 'ref', position: 'int' },
    required: ['name', 'groupId'],
    refs: { groupId: 'property_group' },
  },
  newsletter_recipient: {
    ...plain,
    fields: { email: 'text', firstName: 'text', lastName: 'text', status: 'text', hash: 'text', languageId: 'ref', salesChannelId: 'ref' },
    required: ['email', 'status', 'hash', 'languageId', 'salesChannelId'],
    refs: { languageId: 'language', salesChannelId: 'sales_channel' },
  },
  category: {
    ...plain,
    fields: { name: 'text', description: 'text', parentId: 'ref', afterCategoryId: 'ref', type: 'text', active: 'bool', visible: 'bool' },
    required: ['name'],
    defaults: { type: 'page', active: true, visible: true },
    refs: { parentId: 'category' },
  },
};

export const mappings: Readonly<Record<string, { readonly list: string; readonly key: string }>> = {
  product_category: { list: 'categoryIds', key: 'categoryId' },
  product_option: { list: 'optionIds', key: 'optionId' },
  product_property: { list: 'propertyIds', key: 'optionId' },
};

/** Longest texts; what is longer is refused. */
export const longest: Readonly<Record<string, number>> = { name: 255, productNumber: 64, ean: 255, shortCode: 255, metaTitle: 255 };
/** Kept per language: objections name the language, too. */
export const perLanguage = new Set(['name', 'description', 'keywords', 'metaTitle', 'shortCode']);
