/** The bodies of the Marketing API: version 3.0.55, with what 3.0.91 added (PUT of orders and products, cart_id, inline products). */
import { fields, list, partial, type Shape, without, words } from './shape.ts';

const memberStatus = words('subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional');

const memberFacts: Readonly<Record<string, Shape>> = {
  email_type: 'string',
  merge_fields: 'map',
  interests: 'map',
  language: 'string',
  vip: 'boolean',
  location: fields({ latitude: 'number', longitude: 'number' }),
  ip_signup: 'string',
  timestamp_signup: 'datetime',
  ip_opt: 'string',
  timestamp_opt: 'datetime',
};
const permissions = list(fields({ marketing_permission_id: 'string', enabled: 'boolean' }));

export const memberPut = fields({
  ...memberFacts,
  'email_address*': 'string',
  // Only asked for when the address is new.
  status_if_new: memberStatus,
  status: memberStatus,
  marketing_permissions: permissions,
});
export const memberPost = fields({
  ...memberFacts,
  'email_address*': 'string',
  'status*': memberStatus,
  marketing_permissions: permissions,
  tags: list('string'),
});
export const memberPatch = fields({
  ...memberFacts,
  email_address: 'string',
  status: words('subscribed', 'unsubscribed', 'cleaned', 'pending'),
  marketing_permissions: permissions,
});
export const membersPost = fields({
  'members*': list(fields({ ...memberFacts, email_address: 'string', status: memberStatus })),
  sync_tags: 'boolean',
  update_existing: 'boolean',
});
export const tagsPost = fields({
  'tags*': list(fields({ 'name*': 'string', 'status*': words('inactive', 'active') })),
  is_syncing: 'boolean',
});

const fieldOptions = { default_country: 'integer', phone_format: 'string', date_format: 'string', choices: list('string') } as const;
export const mergeFieldPost = fields({
  tag: 'string',
  'name*': 'string',
  'type*': words('text', 'number', 'address', 'phone', 'date', 'url', 'imageurl', 'radio', 'dropdown', 'birthday', 'zip'),
  required: 'boolean',
  default_value: 'string',
  public: 'boolean',
  display_order: 'integer',
  options: fields({ ...fieldOptions, size: 'integer' }),
  help_text: 'string',
});
export const mergeFieldPatch = fields({ ...without(mergeFieldPost, 'type').fields, options: fields(fieldOptions) });

export const webhook = fields({
  url: 'string',
  events: fields({
    subscribe: 'boolean',
    unsubscribe: 'boolean',
    profile: 'boolean',
    cleaned: 'boolean',
    upemail: 'boolean',
    campaign: 'boolean',
  }),
  sources: fields({ user: 'boolean', admin: 'boolean', api: 'boolean' }),
});

const listContact = {
  'company*': 'string',
  'address1*': 'string',
  address2: 'string',
  'city*': 'string',
  state: 'string',
  zip: 'string',
  'country*': 'string',
  phone: 'string',
} as const;
export const audiencePost = fields({
  'name*': 'string',
  'contact*': fields(listContact),
  'permission_reminder*': 'string',
  use_archive_bar: 'boolean',
  'campaign_defaults*': fields({ 'from_name*': 'string', 'from_email*': 'string', 'subject*': 'string', 'language*': 'string' }),
  notify_on_subscribe: 'string',
  notify_on_unsubscribe: 'string',
  'email_type_option*': 'boolean',
  double_optin: 'boolean',
  marketing_permissions: 'boolean',
});

const place = {
  address1: 'string',
  address2: 'string',
  city: 'string',
  province: 'string',
  province_code: 'string',
  postal_code: 'string',
  country: 'string',
  country_code: 'string',
} as const;
export const storePost = fields({
  'id*': 'string',
  'list_id*': 'string',
  'name*': 'string',
  platform: 'string',
  domain: 'string',
  is_syncing: 'boolean',
  email_address: 'string',
  'currency_code*': 'string',
  money_format: 'string',
  primary_locale: 'string',
  timezone: 'string',
  phone: 'string',
  address: fields({ ...place, longitude: 'number', latitude: 'number' }),
});
export const storePatch = partial(without(storePost, 'id', 'list_id'));

const customerFacts = {
  opt_in_status: 'boolean',
  company: 'string',
  first_name: 'string',
  last_name: 'string',
  address: fields(place),
} as const;
export const customerPost = fields({
  'id*': 'string',
  'email_address*': 'string',
  ...without(fields(customerFacts), 'opt_in_status').fields,
  'opt_in_status*': 'boolean',
});
export const customerPatch = fields(customerFacts);

export const variantPost = fields({
  'id*': 'string',
  'title*': 'string',
  url: 'string',
  sku: 'string',
  price: 'number',
  inventory_quantity: 'integer',
  image_url: 'string',
  backorders: 'string',
  visibility: 'string',
});
export const variantPatch = partial(without(variantPost, 'id'));
const productFacts = {
  handle: 'string',
  url: 'string',
  description: 'string',
  type: 'string',
  vendor: 'string',
  image_url: 'string',
  published_at_foreign: 'datetime',
} as const;
export const productPost = fields({
  'id*': 'string',
  'title*': 'string',
  ...productFacts,
  'variants*': list(variantPost),
  images: list(fields({ 'id*': 'string', 'url*': 'string', variant_ids: list('string') })),
});
/** The spec leaves the id of the variants out, though they cannot be found without. */
export const productPatch = fields({
  title: 'string',
  ...productFacts,
  variants: list(partial(variantPost)),
  images: list(fields({ id: 'string', url: 'string', variant_ids: list('string') })),
});
const inlineProduct = fields({
  'id*': 'string',
  title: 'string',
  ...productFacts,
  variants: list(variantPost),
  images: list(fields({ 'id*': 'string', 'url*': 'string', variant_ids: list('string') })),
});

const buyer = fields({ 'id*': 'string', email_address: 'string', ...customerFacts });
const cartLine = fields({
  'id*': 'string',
  'product_id*': 'string',
  'product_variant_id*': 'string',
  'quantity*': 'integer',
  'price*': 'number',
});
export const cartLinePost = cartLine;
export const linePost = fields({ ...cartLine.fields, discount: 'number', product: inlineProduct });
export const linePatch = fields({
  product_id: 'string',
  product_variant_id: 'string',
  quantity: 'integer',
  price: 'number',
  discount: 'number',
});
export const cartLinePatch = without(linePatch, 'discount');
const destination = fields({ name: 'string', ...place, longitude: 'number', latitude: 'number', phone: 'string', company: 'string' });
const orderFacts: Readonly<Record<string, Shape>> = {
  campaign_id: 'string',
  cart_id: 'string',
  landing_site: 'string',
  financial_status: 'string',
  fulfillment_status: 'string',
  order_url: 'string',
  discount_total: 'number',
  tax_total: 'number',
  shipping_total: 'number',
  tracking_code: words('prec'),
  processed_at_foreign: 'datetime',
  cancelled_at_foreign: 'datetime',
  updated_at_foreign: 'datetime',
  shipping_address: destination,
  billing_address: destination,
  promos: list(fields({ 'code*': 'string', 'type*': words('fixed', 'percentage'), 'amount_discounted*': 'number' })),
  outreach: fields({ id: 'string' }),
  tracking_number: 'string',
  tracking_carrier: 'string',
  tracking_url: 'string',
};
export const orderPost = fields({
  'id*': 'string',
  'customer*': buyer,
  'currency_code*': 'string',
  'order_total*': 'number',
  'lines*': list(linePost),
  ...orderFacts,
});
/** 3.0.91: only ids must be there. */
export const orderPut = fields({
  'id*': 'string',
  customer: buyer,
  currency_code: 'string',
  order_total: 'number',
  lines: list(fields({ ...partial(linePost).fields, 'id*': 'string', product: inlineProduct })),
  ...without(fields(orderFacts)).fields,
});
export const orderPatch = fields({
  customer: customerPatch,
  currency_code: 'string',
  order_total: 'number',
  lines: list(fields({ id: 'string', ...linePatch.fields })),
  ...orderFacts,
});

export const cartPost = fields({
  'id*': 'string',
  'customer*': buyer,
  campaign_id: 'string',
  checkout_url: 'string',
  'currency_code*': 'string',
  'order_total*': 'number',
  tax_total: 'number',
  'lines*': list(cartLine),
});
export const cartPatch = fields({
  customer: customerPatch,
  campaign_id: 'string',
  checkout_url: 'string',
  currency_code: 'string',
  order_total: 'number',
  tax_total: 'number',
  lines: list(fields({ id: 'string', ...cartLinePatch.fields })),
});

export const batchPost = fields({
  'operations*': list(
    fields({
      'method*': words('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      'path*': 'string',
      headers: 'map',
      params: 'map',
      body: 'string',
      operation_id: 'string',
    }),
  ),
});
