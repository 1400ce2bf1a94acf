/** Shapes of orders, their lines and their payments, in the notation of notation.ts. The order of the names is the order on the wire. */
export const ordersShapes = {
  Address: 'addressId:s? name:s? contact:s? address:s? zipcode:s? city:s? country:s? label:s? companyName:s? supplierInformation:s?',
  CancelOrderRequest: 'branchNumber:i?',
  CancelOrderResponse: 'result:#CancelOrderResult message:s',
  CreateOrderInfo: 'orderId:s orderString:s orderQueued:b?',
  CreateOrderResponse: 'result:#CreateOrderResult info:@CreateOrderInfo errorMessage:s',
  CreateOrderV2Request: 'order:@Order applySalesAndActions:b? applySalesPrices:b? applyPriceGroups:b? scannedVoucherIssuanceCodes:s*',
  CreateOrderV2Response: 'result:#CreateOrderResult order:@Order? errorMessage:s? info:@CreateOrderInfo',
  CreateOrderV3Request: `
    idempotencyKey:s order:@Order applySalesAndActions:b? applySalesPrices:b? applyPriceGroups:b?
    scannedVoucherIssuanceCodes:s* prepay:b? paymentList:@PaymentList?`,
  CreateOrderV3Response: `
    idempotencyResult:#IdempotencyResult result:#CreateOrderResult order:@Order? errorMessage:s? info:@CreateOrderInfo
    payResult:#PayOrderResult? invoiceId:s? voucherIssuances:_? unappliedVoucherIssuances:_?`,
  DeliverOrderRequest: 'orderId:s turnoverType:#DeliverOrderTurnoverType?',
  DeliverOrderResponse:
    'result:#DeliverOrderResult packingSlipId:s? invoiceId:s? errorMessage:s voucherIssuances:_? unappliedVoucherIssuances:_?',
  GetOrderCategoriesResponse: 'orderCategory:@OrderCategory*',
  GetOrderResponse: 'result:#GetOrderResult order:@Order?',
  GetOrdersByExtOrderIdsRequest: 'syncMarker:l? syncMarkerLimit:i? extOrderIds:@IdList?',
  GetOrdersByExtOrderIdsResponse: 'orderList:@OrderList',
  GetOrdersRequest: `
    syncMarker:l? syncMarkerLimit:i? fromFinancialDate:@SoapMplusDate? throughFinancialDate:@SoapMplusDate? branchNumbers:i*
    employeeNumbers:l* relationNumbers:l* supplierRelationNumbers:l* articleNumbers:l* articleTurnoverGroups:i*
    articlePluNumbers:@TextList articleBarcodes:@TextList activityId:s? orderTypeList:@OrderTypeList? orderIds:s*
    orderNumbers:@YearNumber* ownerFilter:_? branchGroupFilter:_? includeLineList:b? contractFrequencyFilter:_?
    includeLastMailTimelineEvents:b? lastMailTimelineEventsFilter:_? includeSigningTimelineEvents:b?
    signingTimelineEventsFilter:_? includeOtherTimelineEvents:b? otherTimelineEventsFilter:_?`,
  GetOrdersResponse: 'orderList:@OrderList',
  IdList: 'id:s*',
  Line: `
    lineId:s? employeeNumber:l? articleNumber:l pluNumber:s? text:s? supplierRelationNumber:l? supplierRelationName:s?
    supplierArticleNumber:s? data:@LineData? courseNumber:i? menuHash:s? menuDescription:s? menuAmount:l?
    salePromotionData:_? webhookData:_? lineType:#LineType? preparationList:@LineList? suppressDisposableComponent:b?
    tempId:s? retourReason:s? sequenceNumber:i? contractLines:_? uncondensedLines:@LineList? tempLineId:s?
    subLineType:#SubLineTypeV2? articleAlterationId:i? lineKind:#LineKind? salesOrderLineId:s?`,
  LineData: `
    quantity:l decimalPlaces:i? deliveredQuantity:l? deliveredDecimalPlaces:i? cancelledQuantity:l?
    cancelledDecimalPlaces:i? price:l? priceExcl:l? originalPrice:l? originalPriceExcl:l? purchasePrice:l?
    averagePurchasePrice:d? exchangeRateBuyPrice:l? exchangeRateBuyPriceDecimalPlaces:i? exchangeRateSellPrice:l?
    exchangeRateSellPriceDecimalPlaces:i? exchangeRateMultiplier:i? turnoverGroup:i? turnoverGroupName:s?
    turnoverGroupType:#TurnoverGroupType? turnoverGroupAccountNumber:i? turnoverGroupCostCenter:s? vatCode:i?
    vatPercentage:i? pricePerQuantity:i? siUnit:s? discountType:#DiscountType? discountPercentage:i? discountAmount:l?
    discountAmountExcl:l? bpeId:s? bpeDescription:s? bpeAmount:l? bpeAmountExcl:l? menuId:s? menuLinesId:s?
    totalInclAmount:l? totalExclAmount:l? priceType:#PriceType? purchaseAccountNumber:i? stockAccountNumber:i?
    bpeAccordationEmployeeNumber:l? redeemedVoucherIssuanceId:s? pendingVoucherIssuanceStartTs:T?`,
  LineList: 'line:@Line*',
  Order: `
    orderId:s extOrderId:s? invoiceIds:@IdList? extInvoiceIds:@IdList? transactionString:s? syncMarker:l?
    orderType:#OrderType? entryBranchNumber:i? entryExtBranchId:s? employeeNumber:l? employeeName:s?
    entryTimestamp:@SoapMplusDateTime? relationNumber:l? relationName:s? relationCategoryId:i? relationBankAccountNumber:s?
    relationVatNumber:s? deliveryAddress:@Address? invoiceAddress:@Address? financialDate:@SoapMplusDate?
    financialBranchNumber:i? financialExtBranchId:s? workplaceNumber:i? reference:s? activityId:s? totalInclAmount:l?
    totalExclAmount:l? vatMethod:#VatMethod? vatGroupList:@VatGroupList? deliveryMethod:s? deliveryDate:@SoapMplusDate?
    deliveryPeriodBegin:@SoapMplusDateTime? deliveryPeriodEnd:@SoapMplusDateTime? paymentMethod:s? changeCounter:i?
    versionNumber:i? prepaidAmount:l? fullyPaid:b? deliveryState:#OrderDeliveryState? cancelState:#OrderCancelState?
    completeState:#OrderCompleteState? tableNumber:i? tableSubNumber:i? tableDescription:s? numberOfGuests:i?
    orderNumber:@YearNumber? branchOrderNumber:@WorkplaceYearNumber? orderBarcode:s? orderCategoryNumber:i?
    orderCategoryDescription:s? onDeliveryUrl:s? onInvoiceUrl:s? lineList:@LineList? paymentList:@PaymentList?
    vatChange:#VatChange? vatCountryCode:h? vatCountryIso3:s? webhookSessionData:_? cateringOrderNumber:@YearNumber?
    invoiceNumbers:@YearNumberList? packingSlipIds:@IdList? packingSlipNumbers:@YearNumberList? proposalId:s?
    extProposalId:s? proposalNumber:@YearNumber? branchGroupNumber:i? ownerId:s? branchInvoiceNumbers:_? timelineEvents:_?
    contractPeriod:_?`,
  OrderCategory: 'orderCategoryNumber:i orderCategoryDescription:s orderCategoryDependencyNumbers:i* allowCancel:b allowProcess:b',
  OrderList: 'order:@Order*',
  OrderTypeList: 'orderType:#OrderType*',
  PayOrderRequest: 'orderId:s prepay:b paymentList:@PaymentList',
  PayOrderResponse: 'result:#PayOrderResult invoiceId:s? errorMessage:s voucherIssuances:_? unappliedVoucherIssuances:_?',
  PayOrderV2Request: 'idempotencyKey:s orderId:s prepay:b paymentList:@PaymentList',
  PayOrderV2Response: `
    idempotencyResult:#IdempotencyResult result:#PayOrderResult invoiceId:s? errorMessage:s voucherIssuances:_?
    unappliedVoucherIssuances:_?`,
  Payment: `
    paymentId:s? financialDate:@SoapMplusDate? entryTimestamp:@SoapMplusDateTime? branchNumber:i? extBranchId:s?
    workplaceNumber:i? employeeNumber:l? employeeName:s? method:s description:s? amount:l
    paymentMethodType:#PaymentMethodType? accountNumber:i? branchAccountNumberList:_? eftTransactionDetails:_?
    giftcardNumber:s? externalPaymentId:s? externalPaymentTransactionDetails:_? externalReference:s?`,
  PaymentList: 'payment:@Payment*',
  SortOrderGroup: 'groupNumber:i sortOrder:i',
  SortOrderGroupList: 'sortOrderGroup:@SortOrderGroup*',
  UpdateOrderInfo: 'orderId:s orderString:s orderQueued:b?',
  UpdateOrderResponse: 'result:#UpdateOrderResult info:@UpdateOrderInfo errorMessage:s',
  WorkplaceYearNumber: 'branchNumber:i workplaceNumber:i year:i number:l',
  YearNumber: 'year:i number:l',
  YearNumberList: 'yearNumber:@YearNumber*',
  YearNumberPart: 'year:i number:l part:i',
} as const;
