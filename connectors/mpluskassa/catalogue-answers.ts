/** Answers about products, groups and stock, as tolerant as the others. A stock figure is the exception: without it there is no answer. */
import { z } from 'zod';
import { listOf, optionalFlag, optionalText, optionalWhole, repeated, TillDateTime, text, whole } from './elements.ts';

const moment = TillDateTime.nullish().catch(undefined);
/** Absent means none: see pitfall 2 of the contract, official clients disagree. */
const decimals = whole.nullish().transform((value) => value ?? 0);

const CustomField = z.object({
  fieldName: text,
  strValue: optionalText,
  intValue: optionalWhole,
  decimalPlaces: optionalWhole,
  boolValue: optionalFlag,
});

export const Article = z.object({
  articleNumber: whole,
  extArticleId: optionalText,
  pluNumber: optionalText,
  syncMarker: optionalWhole,
  changeTimestamp: moment,
  active: optionalFlag,
  description: text,
  colour: optionalText,
  colourSequenceNumber: optionalWhole,
  size: optionalText,
  sizeSequenceNumber: optionalWhole,
  invoiceText: optionalText,
  barcode: optionalText,
  contentUnit: optionalText,
  contentQuantity: optionalWhole,
  contentQuantityDecimalPlaces: optionalWhole,
  brandName: optionalText,
  extraText: optionalText,
  turnoverGroup: optionalWhole,
  vatCode: optionalWhole,
  vatPercentage: optionalWhole,
  priceIncl: optionalWhole,
  priceExcl: optionalWhole,
  siUnit: optionalText,
  unit: optionalText,
  supplierRelationName: optionalText,
  supplierArticleNumber: optionalText,
  webshop: optionalFlag,
  stockArticle: optionalFlag,
  specialPrice: optionalText,
  customFieldList: listOf('customField', CustomField),
  componentArticleList: listOf('componentArticle', z.object({ vatCode: optionalWhole })),
  barcodeList: listOf('barcode', z.object({ barcode: optionalText, isCurrent: optionalFlag })),
  discontinued: optionalFlag,
});
export type Article = z.infer<typeof Article>;

export const Product = z.object({
  productNumber: optionalWhole,
  syncMarker: optionalWhole,
  description: text,
  extraText: optionalText,
  articleList: listOf('article', Article),
  groupNumbers: repeated(whole),
});
export type TillProduct = z.infer<typeof Product>;

const groupFields = { groupNumber: whole, syncMarker: optionalWhole, name: text, text, sortOrder: optionalWhole, isDeleted: optionalFlag };

const ArticleGroup = z.object({
  ...groupFields,
  get subGroupList(): z.ZodType<ArticleGroup[]> {
    return listOf('articleGroups', ArticleGroup);
  },
});
export interface ArticleGroup {
  groupNumber: number;
  syncMarker: number | undefined;
  name: string;
  text: string;
  sortOrder: number | undefined;
  isDeleted: boolean | undefined;
  subGroupList: ArticleGroup[];
}

const ChangedArticleGroup = z.object({ ...groupFields, parentGroupNumber: optionalWhole });
export type ChangedArticleGroup = z.infer<typeof ChangedArticleGroup>;

const ArticleStock = z.object({
  branchNumber: optionalWhole,
  articleNumber: whole,
  changeTimestamp: moment,
  stockId: whole,
  amountFree: whole,
  decimalPlacesFree: decimals,
  amountReserved: whole,
  decimalPlacesReserved: decimals,
  amountIncoming: whole,
  decimalPlacesIncoming: decimals,
});
export type ArticleStock = z.infer<typeof ArticleStock>;

const result = z.string();

export const catalogueAnswers = {
  createProduct: z.object({ result, productNumber: optionalWhole, articleNumbers: repeated(whole), errorMessage: text }),
  updateProduct: z.object({
    result,
    existingArticleNumbers: repeated(whole),
    newArticleNumbers: repeated(whole),
    errorMessage: text,
  }),
  getArticleGroups: z.object({ articleGroupList: listOf('articleGroups', ArticleGroup) }),
  getArticleGroupChanges: z.object({ changedArticleGroupList: listOf('changedArticleGroups', ChangedArticleGroup) }),
  getCurrentSyncMarkers: z.object({
    articleSyncMarker: whole,
    articleGroupSyncMarker: optionalWhole,
    relationSyncMarker: optionalWhole,
    orderSyncMarker: whole,
    stockId: optionalWhole,
  }),
  getStock: z.object({ articleStocks: repeated(ArticleStock) }),
  getStockHistoryV2: z.object({
    articleStockHistory: repeated(z.object({ stockId: whole, timestamp: moment, branchNumber: optionalWhole, articleNumber: whole })),
  }),
  setStock: z.object({ result, stockId: optionalWhole }),
  saveStockCorrections: z.object({ result, stockId: optionalWhole, failedArticleNumber: optionalWhole }),
};
