/** Shapes of products, articles, groups and stock, in the notation of notation.ts. The order of the names is the order on the wire. */
export const catalogueShapes = {
  Article: `
    articleNumber:l? extArticleId:s? pluNumber:s? syncMarker:l? changeTimestamp:@SoapMplusDateTime?
    createTimestamp:@SoapMplusDateTime? active:b? description:s? colour:s? colourSequenceNumber:i? size:s?
    sizeSequenceNumber:i? invoiceText:s? receiptText:s? displayText:s? barcode:s? barcodeDate:@SoapMplusDate? contentUnit:s?
    contentQuantity:l? contentQuantityDecimalPlaces:i? brandName:s? extraText:s? turnoverGroup:i? vatCode:i?
    vatPercentage:i? vatCodeAlternative:i? vatPercentageAlternative:i? averagePurchasePrice:l? purchasePrice:l? priceIncl:l?
    priceExcl:l? siUnit:s? unit:s? orderQuantityValue:l? orderQuantityDecimalPlaces:i? supplierRelationNumber:l?
    supplierRelationName:s? supplierArticleNumber:s? webshop:b? categoryId:i? categoryIds:@CategoryIdSet? stockArticle:b?
    articleDiscountGroupNumber:i? articleDiscountGroupName:s? course:_? specialPrice:#ArticleSpecialPrice?
    showPreparationMethodsDirectly:b? showPreparationMethodsPerGroup:b? exchangeRateBuyPrice:l?
    exchangeRateBuyPriceDecimalPlaces:i? exchangeRateSellPrice:l? exchangeRateSellPriceDecimalPlaces:i?
    exchangeRateMultiplier:i? imageList:_? customFieldList:@CustomFieldList? salesPriceList:_? priceGroupList:_? preparationMethodList:_?
    componentArticleList:@ComponentArticleList? linkedArticleList:_? barcodeList:@BarcodeList? relationArticleDiscountList:_?
    askFor:#ArticleAskFor? nutritionalCharacteristics:_? discontinued:b? stockSiUnit:s? specialBehaviour:#SpecialBehaviour?
    ageCheckMinimumAge:i? oldestBestBeforeDate:D? shelfLifeInDays:i? shelfLifeInHours:i? priceDeviationMin:d?
    priceDeviationMax:d? availableForInterbranchOrdering:b?`,
  ArticleGroup: `
    groupNumber:i syncMarker:l? name:s text:s subGroupList:@ArticleGroupList sortOrder:i productNumbers:@NumberList?
    image:_? articleNumbers:@NumberList? isDeleted:b?`,
  ArticleGroupList: 'articleGroups:@ArticleGroup*',
  ArticleList: 'article:@Article*',
  ArticleNumberList: 'articleNumbers:l*',
  ArticleStock: `
    branchNumber:i? articleNumber:l changeTimestamp:@SoapMplusDateTime? stockId:l amountFree:l decimalPlacesFree:i?
    amountReserved:l decimalPlacesReserved:i? amountIncoming:l decimalPlacesIncoming:i? ownAmountFree:d?
    ownAmountReserved:d? ownAmountIncoming:d? subArticle:@ArticleStock* isDayStockArticle:b`,
  ArticleStockHistory: `
    stockId:l timestamp:@SoapMplusDateTime branchNumber:i? articleNumber:l amountChanged:l decimalPlaces:i?
    type:#StockHistoryType orderId:s? packingSlipId:s? invoiceId:s? invoiceNumber:@YearNumber? invoiceBarcode:s?
    receiptId:s? receiptNumber:@WorkplaceYearNumber? receiptBarcode:s? correctionNumber:@YearNumber?
    beforeCorrectionQuantity:l? beforeCorrectionDecimalPlaces:i? afterCorrectionQuantity:l? afterCorrectionDecimalPlaces:i?
    deliveryNumber:@YearNumber? internalShipmentNumber:@YearNumber? internalDeliveryNumber:@YearNumberPart?
    branchInvoiceNumber:_?`,
  Barcode: `
    barcodeId:l? description:s? barcode:s? barcodeDate:@SoapMplusDate? quantity:l? decimalPlaces:i? contentUnit:s?
    contentQuantity:l? contentQuantityDecimalPlaces:i? purchasePrice:l? priceIncl:l? priceExcl:l? isCurrent:b?`,
  BarcodeList: 'barcode:@Barcode*',
  BranchNumberList: 'branchNumber:i*',
  ChangedArticleGroup: `
    groupNumber:i parentGroupNumber:i? syncMarker:l? name:s text:s subGroupNumbers:@NumberList? sortOrder:i
    productNumbers:@NumberList? image:_? isDeleted:b?`,
  ChangedArticleGroupList: 'changedArticleGroups:@ChangedArticleGroup*',
  ComponentArticle: `
    articleNumber:l? quantity:l? decimalPlaces:i? description:s? invoiceText:s? receiptText:s? displayText:s? barcode:s?
    barcodeDate:@SoapMplusDate? contentUnit:s? contentQuantity:l? contentQuantityDecimalPlaces:i? turnoverGroup:i? vatCode:i?
    vatPercentage:i? vatCodeAlternative:i? vatPercentageAlternative:i? purchasePrice:l? priceIncl:l? priceExcl:l?
    linkedArticleList:_?`,
  ComponentArticleList: 'componentArticle:@ComponentArticle*',
  CreateProductResponse: `
    result:#CreateProductResult productNumber:l articleNumbers:l* changeTimestamp:@SoapMplusDateTime? syncMarker:l?
    errorMessage:s`,
  CustomField: `
    fieldName:s dataType:#DataType? isRequired:b? strValue:s? intValue:l? decimalPlaces:i? boolValue:b?
    dateValue:@SoapMplusDate? dateTimeValue:@SoapMplusDateTime? multiSelectInt:i*`,
  CustomFieldList: 'customField:@CustomField*',
  GetArticleGroupChangesRequest: 'syncMarker:l? syncMarkerLimit:i? groupNumbers:i*',
  GetArticleGroupChangesResponse: 'changedArticleGroupList:@ChangedArticleGroupList',
  GetArticleGroupsRequest: 'syncMarker:l? syncMarkerLimit:i? groupNumbers:i* retrieveArticleNumbers:b?',
  GetArticleGroupsResponse: 'articleGroupList:@ArticleGroupList',
  GetProductsRequest: `
    articleNumbers:l* groupNumbers:i* pluNumbers:@TextList onlyWebshop:b? onlyActive:b? syncMarker:l? syncMarkerLimit:i?
    syncMarkerExcludePreparationMethods:b? changedSinceTimestamp:@SoapMplusDateTime? changedSinceBranchNumber:i?
    includeAllArticlesOfSelectedProducts:b? productNumbers:l*`,
  GetProductsResponse: 'productList:@ProductList',
  GetStockHistoryRequest: `
    branchNumber:i articleNumbers:@ArticleNumberList? fromFinancialDateTime:@SoapMplusDateTime?
    throughFinancialDateTime:@SoapMplusDateTime? sinceStockId:l? sinceStockIdLimit:i?`,
  GetStockHistoryResponse: 'articleStockHistory:@ArticleStockHistory*',
  GetStockHistoryV2Request: `
    branchNumbers:i* articleNumbers:@ArticleNumberList? fromFinancialDateTime:@SoapMplusDateTime?
    throughFinancialDateTime:@SoapMplusDateTime? sinceStockId:l? sinceStockIdLimit:i?`,
  GetStockRequest: 'branchNumber:i articleNumbers:@ArticleNumberList stockId:l? dayStockOnlyFilter:b? branchNumbers:@BranchNumberList?',
  GetStockResponse: 'articleStocks:@ArticleStock*',
  NumberList: 'number:l*',
  Product: `
    productNumber:l? syncMarker:l? description:s? extraText:s? articleList:@ArticleList? groupNumbers:i*
    sortOrderGroupList:@SortOrderGroupList?`,
  ProductList: 'product:@Product*',
  SaveStockCorrectionsRequest: `
    branchNumber:i employeeNumber:l reference:s stockCorrectionList:@StockCorrectionList correctionType:#StockCorrectionType?
    correctionMode:#StockCorrectionMode? reason:s? plannedCycleCountId:s?`,
  SaveStockCorrectionsResponse: 'result:#SaveStockCorrectionsResult stockId:l? failedArticleNumber:l?',
  SetStockRequest: 'branchNumber:i articleNumber:l amount:l decimalPlaces:i? employeeNumber:l? reference:s?',
  SetStockResponse: 'result:#SetStockResult stockId:l?',
  StockCorrection: 'articleNumber:l amount:l decimalPlaces:i?',
  StockCorrectionList: 'correction:@StockCorrection*',
  Text: 'text:s',
  TextList: 'text:@Text*',
  UpdateProductResponse: `
    result:#UpdateProductResult existingArticleNumbers:l* newArticleNumbers:l* changeTimestamp:@SoapMplusDateTime? syncMarker:l?
    errorMessage:s`,
  UpdateStockRequest: 'branchNumber:i articleNumber:l amountChanged:l decimalPlaces:i? employeeNumber:l? reference:s?',
  UpdateStockResponse: 'result:#UpdateStockResult stockId:l?',
} as const;
