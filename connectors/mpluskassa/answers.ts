/**
 * What the till answers, parsed at the border. Tolerant on purpose: every merchant runs his own version of the service, so
 * missing wrappers, empty lists, unknown elements and unknown enum values are all in order.
 */
import { z } from 'zod';
import { catalogueAnswers, Product } from './catalogue-answers.ts';
import { listOf, optionalFlag, optionalText, optionalWhole, repeated, TillDateTime, text, whole } from './elements.ts';
import type { Operation } from './wsdl.ts';

export const VatGroup = z.object({
  branchNumber: optionalWhole,
  countryIso3: optionalText,
  vatCode: whole,
  vatPercentage: whole,
});
export type VatGroup = z.infer<typeof VatGroup>;

export const Relation = z.object({
  relationNumber: whole,
  extRelationId: optionalText,
  syncMarker: optionalWhole,
  changeTimestamp: TillDateTime.nullish(),
  active: optionalFlag,
  name: text,
  address: text,
  zipcode: text,
  city: text,
  country: text,
  deliveryAddress: text,
  deliveryZipcode: text,
  deliveryCity: text,
  deliveryCountry: text,
  contact: text,
  telephone: text,
  mobile: text,
  email: text,
  vatNumber: text,
  companyName: text,
  defaultVatMethod: text,
});
export type Relation = z.infer<typeof Relation>;

const LineData = z.object({
  quantity: whole,
  /** Absent means none: see pitfall 2 of the contract, official clients disagree. */
  decimalPlaces: whole.nullish().transform((value) => value ?? 0),
  price: optionalWhole,
  vatPercentage: optionalWhole,
  totalInclAmount: optionalWhole,
  totalExclAmount: optionalWhole,
});

export const TillLine = z.object({
  lineId: text,
  articleNumber: whole,
  text,
  lineType: optionalText,
  data: LineData.nullish().transform((value) => value ?? undefined),
});
export type TillLine = z.infer<typeof TillLine>;

const Payment = z.object({ paymentId: text, method: text, description: text, amount: whole });

/** In front of the id of an invoice, wherever ids of orders and invoices meet. */
export const invoicePrefix = 'invoice:';

export const TillOrder = z.object({
  orderId: z.string().min(1),
  extOrderId: optionalText,
  transactionString: optionalText,
  syncMarker: optionalWhole,
  entryTimestamp: TillDateTime.nullish().catch(undefined),
  relationNumber: optionalWhole,
  relationName: optionalText,
  reference: optionalText,
  totalInclAmount: optionalWhole,
  vatMethod: optionalText,
  prepaidAmount: optionalWhole,
  fullyPaid: optionalFlag,
  deliveryState: optionalText,
  cancelState: optionalText,
  completeState: optionalText,
  orderNumber: z.object({ year: whole, number: whole }).nullish().catch(undefined),
  lineList: listOf('line', TillLine),
  paymentList: listOf('payment', Payment),
});
export type TillOrder = z.infer<typeof TillOrder>;

/** An invoice in the shape of an order, its id marked as an invoice's: one way to compare, read back and pay. */
const Invoice = z
  .object({
    invoiceId: z.string().min(1),
    transactionString: optionalText,
    entryTimestamp: TillDateTime.nullish().catch(undefined),
    relationNumber: optionalWhole,
    relationName: optionalText,
    totalInclAmount: optionalWhole,
    vatMethod: optionalText,
    paidAmount: optionalWhole,
    state: optionalText,
    invoiceNumber: z.object({ year: whole, number: whole }).nullish().catch(undefined),
    lineList: listOf('line', TillLine),
    paymentList: listOf('payment', Payment),
  })
  .transform(
    ({ invoiceId, paidAmount, state, invoiceNumber, ...same }): TillOrder => ({
      ...same,
      orderId: `${invoicePrefix}${invoiceId}`,
      orderNumber: invoiceNumber,
      prepaidAmount: paidAmount,
      fullyPaid: state === 'INVOICE-STATE-PAID' || state === 'INVOICE-STATE-HANDLED',
      extOrderId: undefined,
      syncMarker: undefined,
      reference: undefined,
      deliveryState: undefined,
      cancelState: undefined,
      completeState: undefined,
    }),
  );

const found = <Item extends z.ZodType>(item: Item) => item.nullish().transform((value) => value ?? undefined);
const result = z.string();
const info = z
  .object({ orderId: text, orderString: text, orderQueued: optionalFlag })
  .nullish()
  .transform((value) => value ?? undefined);
const GetOrder = z.object({ result, order: found(TillOrder) });
const GetInvoice = z.object({ result, invoice: found(Invoice) });
const FindRelation = z.object({ result, relation: found(Relation) });
const CreateOrder = z.object({
  result,
  info,
  errorMessage: text,
  payResult: optionalText,
});
const PayOrder = z.object({ result, errorMessage: text });

export const answers = {
  getApiVersion: z.object({
    serviceMajorNumber: optionalWhole,
    serviceMinorNumber: optionalWhole,
    serviceRevisionNumber: optionalWhole,
  }),
  getLicenseInformation: z.object({ companyName: optionalText, city: optionalText }),
  getBranches: z.object({
    branches: listOf(
      'branch',
      z.object({
        branchNumber: whole,
        branchName: text,
        countryIso3: optionalText,
        workplaces: listOf('workplace', z.object({ workplaceNumber: whole, workplaceName: text })),
      }),
    ),
  }),
  getEmployees: z.object({
    employeeList: listOf('employee', z.object({ employeeNumber: whole, name: text, username: text, active: optionalFlag })),
  }),
  getVatGroupList: z.object({ vatGroup: repeated(VatGroup) }),
  getTurnoverGroups: z.object({
    turnoverGroupList: listOf('turnoverGroup', z.object({ turnoverGroup: whole, turnoverGroupName: text, turnoverGroupType: text })),
  }),
  getPaymentMethods: z.object({
    paymentMethodList: listOf('paymentMethod', z.object({ method: z.string(), description: text, active: optionalFlag })),
  }),
  getDeliveryMethods: z.object({
    deliveryMethodList: listOf('deliveryMethod', z.object({ deliveryMethod: z.string(), description: text, enabled: optionalFlag })),
  }),
  getProducts: z.object({ productList: listOf('product', Product) }),
  ...catalogueAnswers,
  findRelation: FindRelation,
  findRelationV2: FindRelation,
  getRelations: z.object({ relationList: listOf('relation', Relation) }),
  createRelation: z.object({ result, relationNumber: optionalWhole, errorMessage: text }),
  updateRelation: z.object({ result, errorMessage: text }),
  getOrder: GetOrder,
  findOrder: GetOrder,
  getOrders: z.object({ orderList: listOf('order', TillOrder) }),
  getOrdersByExtOrderIds: z.object({ orderList: listOf('order', TillOrder) }),
  createOrder: CreateOrder,
  createOrderV3: CreateOrder,
  payOrder: PayOrder,
  payOrderV2: PayOrder,
  getInvoice: GetInvoice,
  findInvoice: GetInvoice,
  saveInvoice: z.object({
    result,
    info: z
      .object({ invoiceId: text, invoiceString: text })
      .nullish()
      .transform((value) => value ?? undefined),
    errorMessage: text,
  }),
  payInvoice: PayOrder,
} satisfies Record<Operation, z.ZodType>;

export type Answer<Name extends Operation> = z.infer<(typeof answers)[Name]>;
