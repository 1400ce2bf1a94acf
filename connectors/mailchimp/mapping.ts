/** The flows into Mailchimp: their questions, tables and default mappings. */
import type { Connector } from '../connector.ts';
import { answers, given, needed, type Rule, type TableDefinition } from '../mapping.ts';
import { CartDraft, ConsentDraft, CustomerDraft, OrderDraft, ProductDraft, StockDraft } from './drafts.ts';
import { CustomerFlowSettings, customerPolicies, NoQuestions, OrderFlowSettings, productPolicies } from './flow-settings.ts';

const within = (place: string, parts: readonly string[]): Rule[] => parts.map((part) => given(`${place}.${part}`, part));

const source: Rule[] = [needed('source.id'), given('source.name')];

const groupTags: TableDefinition = {
  name: 'groupTags',
  title: { en: 'Tags by customer group', de: 'Tags je Kundengruppe', nl: 'Tags per klantgroep' },
  source: 'customerGroups',
  target: 'tags',
};

const customerParts = [
  'id',
  'number',
  'email',
  'firstName',
  'lastName',
  'company',
  'phone',
  'group',
  'language',
  'billing',
  'shipping',
  'permission',
  'tags',
  'deleted',
];
const customerRules: readonly Rule[] = [
  ...within('customer', customerParts),
  { to: 'groupTagName', from: 'group', table: { name: 'groupTags' }, onMissing: 'leave-out' },
  given('policies'),
  ...answers(CustomerFlowSettings),
];

const lineParts = ['id', 'kind', 'quantity', 'grossMinor', 'taxMinor'];
const orderRules: readonly Rule[] = [
  needed('number'),
  needed('orderedAt', 'createdAt'),
  needed('currency'),
  needed('state'),
  needed('paymentState'),
  needed('totalMinor'),
  ...['updatedAt', 'deliveryState', 'customer', 'billing', 'shipping'].map((part) => given(part)),
  ...lineParts.map((part) => needed(`lines[].${part}`, part)),
  given('lines[].sku', 'sku'),
  given('lines[].name', 'name'),
  ...source,
  ...answers(OrderFlowSettings),
];

const cartParts = ['id', 'customer', 'currency', 'totalMinor', 'lines', 'url', 'closed'];

const productParts = ['id', 'sku', 'name', 'active', 'shortText', 'longText', 'brand', 'price', 'stocked', 'variants'];
const productRules: readonly Rule[] = [
  ...within('product', productParts),
  { to: 'url', from: ['url', 'custom.url', 'custom.productUrl'], onMissing: 'leave-out' },
  { to: 'imageUrl', from: ['imageUrl', 'custom.imageUrl', 'custom.image'], onMissing: 'leave-out' },
  ...['policies', 'offer', 'content', 'deletion'].map((part) => given(part)),
  ...source,
];

export const mailchimpWrites: Connector['writes'] = {
  customer: {
    draft: CustomerDraft,
    settings: CustomerFlowSettings,
    tables: [groupTags],
    rules: customerRules,
    batch: 500,
    policies: customerPolicies,
  },
  consent: {
    draft: ConsentDraft,
    settings: NoQuestions,
    tables: [],
    // Where it was said does not matter for a no; `source` is the connected system.
    rules: within('consent', ['id', 'email', 'state', 'at']),
    batch: 500,
  },
  order: { draft: OrderDraft, settings: OrderFlowSettings, tables: [], rules: orderRules, batch: 500, follows: true },
  cart: { draft: CartDraft, settings: NoQuestions, tables: [], rules: [...within('cart', cartParts), ...source], batch: 100 },
  product: {
    draft: ProductDraft,
    settings: NoQuestions,
    tables: [],
    rules: productRules,
    batch: 500,
    policies: productPolicies,
  },
  stock: {
    draft: StockDraft,
    settings: NoQuestions,
    tables: [],
    rules: [needed('sku'), needed('quantity'), given('managed'), ...source],
    batch: 500,
  },
};
