/**
 * The entities of the shop: fields and associations, under the names of the Admin API.
 * `!` in front: without the ApiAware flag, so absent from webhook bodies. `^`: since 6.7.
 */
export interface Association {
  readonly entity: string;
  /** `one`: by a key of ours. `many` and `inverse` (one to one): by a key of theirs. `linked`: many to many, by a list of ids of ours. */
  readonly kind: 'one' | 'many' | 'inverse' | 'linked';
  readonly by: string;
  readonly aware: boolean;
  readonly since67: boolean;
  /** Loaded without being asked for. */
  readonly auto: boolean;
}
export interface Field {
  readonly name: string;
  readonly aware: boolean;
  readonly since67: boolean;
}
export interface Entity {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly associations: Readonly<Record<string, Association>>;
  readonly versioned: boolean;
  readonly translated: readonly string[];
  /** The store API leaves the id of states and some others out. */
  readonly idAware: boolean;
}

interface Shape {
  readonly fields: string;
  /** `name:kind entity by` separated by commas. */
  readonly associations?: string;
  readonly versioned?: true;
  readonly translated?: string;
  readonly idHidden?: true;
}

const shapes: Readonly<Record<string, Shape>> = {
  order: {
    versioned: true,
    fields:
      'orderNumber !autoIncrement currencyId currencyFactor salesChannelId billingAddressId billingAddressVersionId orderDateTime orderDate price amountTotal amountNet positionPrice taxStatus shippingCosts shippingTotal languageId deepLinkCode affiliateCode campaignCode customerComment createdById updatedById source !stateId !ruleIds !itemRounding !totalRounding customFields ^primaryOrderDeliveryId ^primaryOrderDeliveryVersionId ^primaryOrderTransactionId ^primaryOrderTransactionVersionId !^internalComment ^taxCalculationType',
    associations:
      'stateMachineState:one state_machine_state stateId, orderCustomer:inverse order_customer orderId, currency:one currency currencyId, language:one language languageId, !salesChannel:one sales_channel salesChannelId, addresses:many order_address orderId, billingAddress:one order_address billingAddressId, deliveries:many order_delivery orderId, lineItems:many order_line_item orderId, transactions:many order_transaction orderId, documents:many document orderId, tags:linked tag ~tagIds, ^primaryOrderDelivery:one order_delivery primaryOrderDeliveryId, ^primaryOrderTransaction:one order_transaction primaryOrderTransactionId',
  },
  order_customer: {
    versioned: true,
    fields:
      'email !orderId !orderVersionId salutationId firstName lastName title vatIds company customerNumber !customerId !remoteAddress customFields',
    associations: 'salutation:one salutation salutationId, !customer:one customer customerId, !order:one order orderId',
  },
  order_address: {
    versioned: true,
    fields:
      'countryId countryStateId !salutationId firstName lastName street zipcode city company department title vatId phoneNumber additionalAddressLine1 additionalAddressLine2 !orderId !orderVersionId customFields',
    associations:
      'country:one country countryId, countryState:one country_state countryStateId, salutation:one salutation salutationId, !order:one order orderId, !orderDeliveries:many order_delivery shippingOrderAddressId',
  },
  order_delivery: {
    versioned: true,
    fields:
      'orderId orderVersionId shippingOrderAddressId shippingOrderAddressVersionId shippingMethodId trackingCodes shippingDateEarliest shippingDateLatest shippingCosts stateId customFields',
    associations:
      'shippingOrderAddress:one order_address shippingOrderAddressId, shippingMethod:one shipping_method shippingMethodId, stateMachineState:one state_machine_state stateId, positions:many order_delivery_position orderDeliveryId, !order:one order orderId',
  },
  order_delivery_position: {
    versioned: true,
    fields:
      'orderDeliveryId orderDeliveryVersionId orderLineItemId orderLineItemVersionId price unitPrice totalPrice quantity customFields',
    associations: 'orderLineItem:one order_line_item orderLineItemId, !orderDelivery:one order_delivery orderDeliveryId',
  },
  order_line_item: {
    versioned: true,
    fields:
      'orderId orderVersionId identifier referencedId productId productVersionId promotionId parentId parentVersionId coverId quantity unitPrice totalPrice label description good removable stackable position !price priceDefinition payload type states customFields',
    associations:
      'parent:one order_line_item parentId, children:many order_line_item parentId, orderDeliveryPositions:many order_delivery_position orderLineItemId, cover:one media coverId, downloads:many order_line_item_download orderLineItemId, !product:one product productId, !promotion:one promotion promotionId, !order:one order orderId',
  },
  order_line_item_download: {
    versioned: true,
    fields: 'orderLineItemId mediaId accessGranted customFields',
    associations: 'media:one media mediaId',
  },
  order_transaction: {
    versioned: true,
    fields: 'orderId orderVersionId paymentMethodId amount stateId validationData customFields',
    associations:
      'paymentMethod:one payment_method paymentMethodId, stateMachineState:one state_machine_state stateId, captures:many order_transaction_capture orderTransactionId, !order:one order orderId',
  },
  order_transaction_capture: { versioned: true, fields: 'orderTransactionId stateId externalReference amount customFields' },
  document: { fields: 'orderId orderVersionId documentNumber sent static deepLinkCode config customFields' },
  customer: {
    fields:
      'groupId defaultPaymentMethodId salesChannelId languageId lastPaymentMethodId defaultBillingAddressId defaultShippingAddressId !autoIncrement customerNumber salutationId firstName lastName company email title vatIds affiliateCode campaignCode active doubleOptInRegistration doubleOptInEmailSentDate doubleOptInConfirmDate hash guest firstLogin lastLogin accountType birthday lastOrderDate orderCount orderTotalAmount reviewCount tagIds createdById updatedById activeBillingAddress activeShippingAddress !remoteAddress !requestedGroupId !boundSalesChannelId customFields',
    associations:
      'group:one customer_group groupId, defaultPaymentMethod:one payment_method defaultPaymentMethodId, language:one language languageId, lastPaymentMethod:one payment_method lastPaymentMethodId, salutation:one salutation salutationId, defaultBillingAddress:one customer_address defaultBillingAddressId, defaultShippingAddress:one customer_address defaultShippingAddressId, addresses:many customer_address customerId, tags:linked tag tagIds, !salesChannel:one sales_channel salesChannelId, !orderCustomers:many order_customer customerId',
  },
  customer_address: {
    fields:
      'customerId countryId countryStateId salutationId firstName lastName zipcode city company department title street phoneNumber additionalAddressLine1 additionalAddressLine2 customFields',
    associations:
      'country:one country countryId, countryState:one country_state countryStateId, salutation:one salutation salutationId, !customer:one customer customerId',
  },
  customer_group: { translated: 'name', fields: 'name displayGross registrationActive customFields' },
  salutation: { translated: 'displayName letterName', fields: 'salutationKey displayName letterName customFields' },
  newsletter_recipient: {
    fields: '!email !firstName !lastName !status !languageId !salesChannelId !salutationId !confirmedAt !hash !customFields',
    idHidden: true,
    associations:
      '!language:one language languageId, !salesChannel:one sales_channel salesChannelId, !salutation:one salutation salutationId',
  },
  product: {
    versioned: true,
    translated: 'name',
    fields:
      'parentId parentVersionId manufacturerId productManufacturerVersionId unitId taxId coverId productMediaVersionId price productNumber restockTime autoIncrement active available isCloseout stock availableStock displayGroup manufacturerNumber ean purchaseSteps maxPurchase minPurchase purchaseUnit referenceUnit shippingFree purchasePrices markAsTopseller weight width height length releaseDate ratingAverage categoryTree propertyIds optionIds tagIds categoryIds childCount sales name keywords description metaTitle packUnit customFields states ^type',
    associations:
      'tax:one tax taxId, manufacturer:one product_manufacturer manufacturerId, unit:one unit unitId, parent:one product parentId, children:many product parentId, categories:linked category categoryIds, options:linked property_group_option optionIds, properties:linked property_group_option propertyIds, tags:linked tag tagIds, visibilities:many product_visibility productId, prices:many product_price productId, media:many product_media productId, cover:one product_media coverId, configuratorSettings:many product_configurator_setting productId',
  },
  product_manufacturer: { versioned: true, translated: 'name', fields: 'name link mediaId customFields' },
  product_visibility: {
    fields: 'productId productVersionId salesChannelId visibility',
    associations: 'salesChannel:one sales_channel salesChannelId',
  },
  product_price: { versioned: true, fields: 'productId ruleId price quantityStart quantityEnd', associations: 'rule:one rule ruleId' },
  product_media: { versioned: true, fields: 'productId mediaId position', associations: 'media:one media mediaId' },
  product_configurator_setting: {
    versioned: true,
    fields: 'productId optionId position',
    associations: 'option:one property_group_option optionId',
  },
  property_group: {
    translated: 'name',
    fields: 'name displayType sortingType filterable position',
    associations: 'options:many property_group_option groupId',
  },
  property_group_option: { translated: 'name', fields: 'groupId name position', associations: 'group:one property_group groupId' },
  category: {
    versioned: true,
    translated: 'name',
    fields: '!autoIncrement parentId afterCategoryId name description type active visible level path childCount breadcrumb customFields',
    associations: 'parent:one category parentId, children:many category parentId',
  },
  media: { fields: 'mimeType fileExtension fileName fileSize url path' },
  rule: { fields: 'name priority' },
  promotion: { translated: 'name', fields: 'name active useCodes code customFields' },
  tag: { fields: 'name' },
  unit: { translated: 'shortCode name', fields: 'shortCode name customFields' },
  tax: { fields: 'taxRate name position customFields', associations: 'rules:many tax_rule taxId' },
  tax_rule: { fields: 'taxId countryId taxRate data activeFrom', associations: 'country:one country countryId, tax:one tax taxId' },
  payment_method: {
    translated: 'name distinguishableName description',
    fields:
      'name distinguishableName description position active afterOrderEnabled translations mediaId shortName technicalName synchronous asynchronous prepared refundable recurring !handlerIdentifier !formattedHandlerIdentifier !availabilityRuleId !pluginId customFields',
    associations: 'media:one media mediaId, !availabilityRule:one rule availabilityRuleId',
  },
  shipping_method: {
    translated: 'name description trackingUrl',
    fields:
      'name active position description trackingUrl deliveryTimeId translations mediaId taxType technicalName !taxId !availabilityRuleId customFields',
    associations:
      'deliveryTime:one! delivery_time deliveryTimeId, availabilityRule:one rule availabilityRuleId, prices:many shipping_method_price shippingMethodId, media:one media mediaId, tags:linked tag ~tagIds, tax:one tax taxId',
  },
  shipping_method_price: { fields: 'shippingMethodId ruleId currencyPrice quantityStart quantityEnd' },
  delivery_time: { translated: 'name', fields: 'name min max unit customFields' },
  country: {
    translated: 'name addressFormat',
    fields:
      'name iso iso3 position active shippingAvailable displayStateInRegistration forceStateInRegistration checkVatIdPattern vatIdPattern vatIdRequired customerTax companyTax translations postalCodeRequired isEu checkPostalCodePattern checkAdvancedPostalCodePattern advancedPostalCodePattern defaultPostalCodePattern addressFormat customFields',
    associations: 'states:many country_state countryId',
  },
  country_state: {
    translated: 'name',
    fields: 'countryId shortCode name position active customFields',
    associations: 'country:one country countryId',
  },
  currency: {
    translated: 'shortName name',
    fields: 'isoCode factor symbol shortName name position isSystemDefault itemRounding totalRounding taxFreeFrom customFields',
  },
  language: {
    fields: 'parentId localeId translationCodeId name ^active customFields',
    associations:
      'locale:one locale localeId, translationCode:one locale translationCodeId, parent:one language parentId, children:many language parentId',
  },
  locale: { translated: 'name territory', fields: 'code name territory customFields' },
  sales_channel: {
    translated: 'name',
    fields:
      'typeId languageId customerGroupId currencyId paymentMethodId shippingMethodId countryId !navigationCategoryId name shortName taxCalculationType accessKey active maintenance customFields',
    associations:
      'language:one language languageId, currency:one currency currencyId, customerGroup:one customer_group customerGroupId, country:one country countryId, paymentMethod:one payment_method paymentMethodId, shippingMethod:one shipping_method shippingMethodId, domains:many sales_channel_domain salesChannelId',
  },
  sales_channel_domain: {
    fields: 'url salesChannelId languageId currencyId',
    associations: 'salesChannel:one sales_channel salesChannelId, language:one language languageId, currency:one currency currencyId',
  },
  state_machine: {
    translated: 'name',
    fields: 'technicalName name initialStateId customFields',
    associations: 'states:many state_machine_state stateMachineId, transitions:many state_machine_transition stateMachineId',
  },
  state_machine_state: {
    translated: 'name',
    idHidden: true,
    fields: 'name technicalName !stateMachineId customFields',
    associations: '!stateMachine:one state_machine stateMachineId',
  },
  state_machine_transition: {
    fields: 'actionName stateMachineId fromStateId toStateId customFields',
    associations:
      'stateMachine:one state_machine stateMachineId, fromStateMachineState:one state_machine_state fromStateId, toStateMachineState:one state_machine_state toStateId',
  },
  webhook: { fields: 'name eventName url onlyLiveVersion errorCount active appId', associations: 'app:one app appId' },
  app: { translated: 'label', fields: 'name label version active' },
};

function flags(text: string): { name: string; aware: boolean; since67: boolean } {
  return { name: text.replace(/^[!^]+/, ''), aware: !/^\^?!/.test(text), since67: /^!?\^/.test(text) };
}

function associationsOf(text: string | undefined): Record<string, Association> {
  const pairs = (text ?? '').split(',').filter((one) => one.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [label = '', rest = ''] = pair.trim().split(':');
      const [kind = 'one', entity = '', by = ''] = rest.split(' ');
      const { name, aware, since67 } = flags(label);
      return [name, { entity, by, aware, since67, kind: kind.replace('!', '') as Association['kind'], auto: kind.endsWith('!') }];
    }),
  );
}

export const entities: ReadonlyMap<string, Entity> = new Map(
  Object.entries(shapes).map(([name, shape]) => [
    name,
    {
      name,
      versioned: shape.versioned ?? false,
      idAware: shape.idHidden === undefined,
      translated: shape.translated?.split(' ') ?? [],
      fields: shape.fields.split(' ').map(flags),
      associations: associationsOf(shape.associations),
    },
  ]),
);

/** Throws for a name that the shop does not have. */
export function entityOf(name: string): Entity {
  const entity = entities.get(name);
  if (!entity) throw new Error(`the simulated shop has no entity ${name}`);
  return entity;
}
