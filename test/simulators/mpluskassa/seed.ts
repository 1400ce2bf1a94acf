import type { Fields } from './fields.ts';

/** One article to put in the till. Prices are cents including VAT; quantities are pieces, kilos, or whatever the unit is. */
export interface ArticleSeed {
  articleNumber: number;
  description?: string;
  /** Articles with the same product number are variants of one product. Default: the article number. */
  productNumber?: number;
  productDescription?: string;
  colour?: string;
  size?: string;
  priceIncl?: number;
  /** 1, 2, 3 = Dutch 21, 9, 0 percent; 11, 12 = German 19, 7 percent. */
  vatCode?: number;
  barcode?: string;
  pluNumber?: string;
  extArticleId?: string;
  brandName?: string;
  extraText?: string;
  turnoverGroup?: number;
  unit?: string;
  stockArticle?: boolean;
  /** Digits behind the point in stock answers, 0 unless told. */
  stockDecimals?: number;
  /** Amount in branch 1, or per branch. */
  stock?: number | Readonly<Record<number, number>>;
  active?: boolean;
  discontinued?: boolean;
  webshop?: boolean;
  groupNumbers?: readonly number[];
  /** Text of the product, not of the article. */
  productExtraText?: string;
  /** Further fields of an article by their names in the protocol: invoiceText, supplierArticleNumber, customFieldList. */
  more?: Fields;
}

export interface VatRate {
  vatCode: number;
  countryCode: number;
  countryIso3: string;
  /** 2100 = 21 percent. */
  basisPoints: number;
}

export const vatRates: readonly VatRate[] = [
  { vatCode: 1, countryCode: 528, countryIso3: 'NLD', basisPoints: 2100 },
  { vatCode: 2, countryCode: 528, countryIso3: 'NLD', basisPoints: 900 },
  { vatCode: 3, countryCode: 528, countryIso3: 'NLD', basisPoints: 0 },
  { vatCode: 11, countryCode: 276, countryIso3: 'DEU', basisPoints: 1900 },
  { vatCode: 12, countryCode: 276, countryIso3: 'DEU', basisPoints: 700 },
];

export const branches = [
  { branchNumber: 1, branchName: 'Hoofdfiliaal', abbreviation: 'HF', workplaces: [1, 2] },
  { branchNumber: 2, branchName: 'Magazijn Zuid', abbreviation: 'MZ', workplaces: [1] },
] as const;

export const employees = [
  { employeeNumber: 101, name: 'Anna Bakker', active: true },
  { employeeNumber: 102, name: 'Bram de Wit', active: true },
  { employeeNumber: 999_999, name: 'Supergebruiker', active: true },
] as const;

export const paymentMethods = [
  { method: 'CONTANT', description: 'Contant', type: 'PAYMENT-METHOD-TYPE-PAYMENT', active: true },
  { method: 'PIN', description: 'Pin', type: 'PAYMENT-METHOD-TYPE-EFT', active: true },
  { method: 'IDEAL', description: 'iDEAL', type: 'PAYMENT-METHOD-TYPE-PAYMENT', active: true },
  { method: 'CREDITCARD', description: 'Creditcard', type: 'PAYMENT-METHOD-TYPE-PAYMENT', active: true },
  { method: 'PAYPAL', description: 'PayPal', type: 'PAYMENT-METHOD-TYPE-PAYMENT', active: true },
  { method: 'OP_REKENING', description: 'Webshop', type: 'PAYMENT-METHOD-TYPE-SUSPENSE', active: true },
] as const;

export const deliveryMethods = [
  { deliveryMethod: 'AFHALEN', description: 'Afhalen' },
  { deliveryMethod: 'BEZORGEN', description: 'Bezorgen' },
  { deliveryMethod: 'EXPRESS', description: 'Express' },
] as const;

export const turnoverGroups = [
  { turnoverGroup: 10, turnoverGroupName: 'Kleding', turnoverGroupType: 'TURNOVER-GROUP-TYPE-TURNOVER', defaultVatCode: 1 },
  { turnoverGroup: 20, turnoverGroupName: 'Levensmiddelen', turnoverGroupType: 'TURNOVER-GROUP-TYPE-TURNOVER', defaultVatCode: 2 },
  { turnoverGroup: 30, turnoverGroupName: 'Diensten', turnoverGroupType: 'TURNOVER-GROUP-TYPE-TURNOVER', defaultVatCode: 1 },
  { turnoverGroup: 40, turnoverGroupName: 'Cadeaubonnen', turnoverGroupType: 'TURNOVER-GROUP-TYPE-BALANCE-UPGRADE', defaultVatCode: 3 },
] as const;

export const orderCategories = [
  { orderCategoryNumber: 1, orderCategoryDescription: 'Webshop' },
  { orderCategoryNumber: 2, orderCategoryDescription: 'Telefonisch' },
] as const;

/** `parent` 0 = top level. */
export const articleGroups = [
  { groupNumber: 1, parent: 0, name: 'Webshop' },
  { groupNumber: 2, parent: 1, name: 'Kleding' },
  { groupNumber: 3, parent: 1, name: 'Eten en drinken' },
  { groupNumber: 4, parent: 2, name: 'Shirts' },
] as const;

/** joann@x.nl stands before ann@x.nl, so that whoever searches on a part of an address gets the wrong person. */
export const relations = [
  { name: 'Jo-Ann Visser', email: 'joann@x.nl', address: 'Kade 4', zipcode: '3511 AB', city: 'Utrecht', country: 'Nederland' },
  { name: 'Ann Mulder', email: 'ann@x.nl', address: 'Kerkstraat 9', zipcode: '1017 GA', city: 'Amsterdam', country: 'Nederland' },
  { name: 'Webshopklant', email: 'webshop@voorbeeld.nl', country: 'Nederland' },
  {
    name: 'De Vries Fietsen B.V.',
    companyName: 'De Vries Fietsen B.V.',
    contact: 'Jan de Vries',
    email: 'inkoop@devriesfietsen.nl',
    country: 'Nederland',
  },
] as const;

const shirt = {
  productNumber: 501,
  productDescription: 'T-shirt Noord',
  description: 'T-shirt Noord',
  priceIncl: 2495,
  brandName: 'Noord',
  groupNumbers: [2, 4],
};
const sock = { productNumber: 502, productDescription: 'Wollen sokken', description: 'Wollen sokken', priceIncl: 1295, groupNumbers: [2] };
const service = { stockArticle: false, webshop: false, turnoverGroup: 30, vatCode: 1, priceIncl: 0 };

export const articles: readonly ArticleSeed[] = [
  { ...shirt, articleNumber: 1001, colour: 'Rood', size: 'M', barcode: '8710000010011', stock: { 1: 12, 2: 40 } },
  { ...shirt, articleNumber: 1002, colour: 'Rood', size: 'L', barcode: '8710000010028', stock: { 1: 8, 2: 25 } },
  { ...shirt, articleNumber: 1003, colour: 'Blauw', size: 'M', barcode: '8710000010035', stock: { 1: 3, 2: 10 } },
  { ...sock, articleNumber: 1004, colour: 'Grijs', size: '39-42', barcode: '8710000010042', stock: { 1: 30 } },
  { ...sock, articleNumber: 1005, colour: 'Grijs', size: '43-46', barcode: '8710000010059', stock: { 1: 22 } },
  { articleNumber: 1006, description: 'Regenjas', priceIncl: 8995, barcode: '8710000010066', stock: { 1: 5, 2: 2 }, groupNumbers: [2] },
  {
    articleNumber: 1007,
    description: 'Koffiebonen 500 g',
    priceIncl: 1049,
    vatCode: 2,
    turnoverGroup: 20,
    barcode: '8710000010073',
    stock: { 1: 60 },
    groupNumbers: [3],
  },
  {
    articleNumber: 1008,
    description: 'Oude kaas',
    priceIncl: 1890,
    vatCode: 2,
    turnoverGroup: 20,
    unit: 'kg',
    stockDecimals: 3,
    stock: { 1: 12.5 },
    groupNumbers: [3],
  },
  { articleNumber: 1009, description: 'Leesboek', priceIncl: 1999, vatCode: 2, barcode: '9789000010090', stock: { 1: 14 } },
  {
    articleNumber: 1010,
    description: 'Zomerhoed 2019',
    priceIncl: 1995,
    active: false,
    discontinued: true,
    webshop: false,
    stock: { 1: 1 },
    groupNumbers: [2],
  },
  { articleNumber: 1011, description: 'Postzegels', priceIncl: 1140, vatCode: 3, stock: { 1: 100 } },
  {
    articleNumber: 1012,
    description: 'Drinkfles',
    priceIncl: 1795,
    barcode: '8710000010127',
    extArticleId: 'FLES-750',
    stock: { 1: 18, 2: 6 },
  },
  { ...service, articleNumber: 9001, description: 'Verzendkosten', priceIncl: 495 },
  { ...service, articleNumber: 9002, description: 'Korting' },
  { ...service, articleNumber: 9003, description: 'Toeslag' },
  { ...service, articleNumber: 9004, description: 'Cadeaubon', vatCode: 3, turnoverGroup: 40 },
  { ...service, articleNumber: 9005, description: 'Afronding', vatCode: 3 },
];
