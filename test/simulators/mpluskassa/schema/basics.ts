/** Shapes of versions, branches, methods and VAT, in the notation of notation.ts. The order of the names is the order on the wire. */
export const basicsShapes = {
  Branch: `
    branchNumber:i branchName:s relationNumber:l? abbreviation:s extBranchId:s? isFullSlave:b? priceGroupNumber:i?
    workplaces:@WorkplaceList? countryCode:i countryIso3:s countryName:s`,
  BranchList: 'branch:@Branch*',
  DeliveryMethod: 'deliveryMethod:s description:s buttonText:s enabled:b?',
  DeliveryMethodList: 'deliveryMethod:@DeliveryMethod*',
  GetDeliveryMethodsResponse: 'deliveryMethodList:@DeliveryMethodList',
  GetDeliveryMethodsV2Request: 'onlyEnabled:b?',
  GetDeliveryMethodsV2Response: 'deliveryMethodList:@DeliveryMethodList',
  GetLicenseInformationResponse: 'obscuredLicenseKey:s? companyName:s? city:s? licensedBranches:@LicensedBranchList?',
  GetPaymentMethodsRequest: 'accountNumber:i? paymentMethodTypes:#PaymentMethodType* includeBpeConfiguration:b? includeGiftcardType:b?',
  GetPaymentMethodsResponse: 'paymentMethodList:@PaymentMethodList',
  GetTurnoverGroupsRequest: 'onlyActive:b?',
  GetTurnoverGroupsResponse: 'turnoverGroupList:@TurnoverGroupList',
  LicensedBranch: 'branchNumber:i branchName:s? workplaceLimit:i? isGKS:b? licensedModules:@LicensedModuleList?',
  LicensedBranchList: 'licensedBranch:@LicensedBranch*',
  LicensedModule: 'moduleGroup:i moduleNumber:i moduleDescription:s?',
  LicensedModuleList: 'licensedModule:@LicensedModule*',
  PaymentMethod: `
    method:s description:s buttonText:s allowNegativeAmount:b active:b? type:#PaymentMethodType? accountNumber:i?
    branchAccountNumberList:_? depositPaymentMethod:s? hasExternalPaymentWebhook:b? bpeConfiguration:_? giftcardType:_?`,
  PaymentMethodList: 'paymentMethod:@PaymentMethod*',
  SoapMplusDate: 'day:i mon:i year:i',
  SoapMplusDateTime: 'sec:i min:i hour:i day:i mon:i year:i isdst:b timezone:i',
  TurnoverGroup: `
    turnoverGroupType:#TurnoverGroupType turnoverGroup:i turnoverGroupName:s inclAmount:l? exclAmount:l?
    defaultAccountNumber:i? accountNumber:i? allowPointsDistribution:b? allowPointsPayment:b? allowDiscount:b?
    branchAccountNumberList:_? defaultPurchaseAccountNumber:i? purchaseAccountNumber:i? defaultStockAccountNumber:i?
    stockAccountNumber:i? defaultVatCode:i? branchCostCenterNumberList:_? defaultTurnoverCostCenterNumber:s?
    turnoverCostCenterNumber:s? defaultPurchaseCostCenterNumber:s? purchaseCostCenterNumber:s?
    defaultStockCostCenterNumber:s? stockCostCenterNumber:s? topupPaymentId:s? quantityPerLabel:i?`,
  TurnoverGroupList: 'turnoverGroup:@TurnoverGroup*',
  VatGroup: `
    branchNumber:i? extBranchId:s? countryCode:h? countryIso3:s? vatCode:i vatPercentage:l exclAmount:l? vatAmount:l?
    accountNumber:i?`,
  VatGroupList: 'vatGroup:@VatGroup*',
  Workplace: `
    workplaceNumber:i workplaceName:s isMobile:b workplaceType:s? isSlave:b? lastSlaveSync:@SoapMplusDateTime?
    priceGroupNumber:i? extWorkplaceId:s?`,
  WorkplaceList: 'workplace:@Workplace*',
  getApiVersionResponse: `
    majorNumber:i minorNumber:i revisionNumber:i databaseMajorNumber:i? databaseMinorNumber:i? databaseRevisionNumber:i?
    serviceMajorNumber:i? serviceMinorNumber:i? serviceRevisionNumber:i? serviceBuildNumber:i? serviceDate:@SoapMplusDate?
    serviceDateTime:@SoapMplusDateTime? serviceProcessId:i? serviceHostname:s? serviceIpAddresses:s*
    serviceMinWorkerThreads:i? serviceMaxWorkerThreads:i? serverMajorNumber:i? serverMinorNumber:i? serverRevisionNumber:i?
    serverDate:@SoapMplusDate? serverDateTime:@SoapMplusDateTime? inDebugMode:b isSlaveApi:b? slaveApiType:#SlaveApiType?
    slaveBranchNumber:i? slaveWorkplaceNumber:i? serviceVersionDisplayString:s?`,
  getBranchesResponse: 'branches:@BranchList',
  getCurrentSyncMarkersResponse: `
    articleSyncMarker:l articleGroupSyncMarker:l? relationSyncMarker:l employeeSyncMarker:l invoiceSyncMarker:l
    receiptSyncMarker:l orderSyncMarker:l proposalSyncMarker:l? stockId:l? ticketCounterSaleSyncMarker:l?
    purchaseOrderSyncMarker:l? purchaseDeliverySyncMarker:l? relationPointsSyncMarker:l? cashDrawerBalancingSyncMarker:l?
    activitySyncMarker:l? packingSlipSyncMarker:l? dayStockConfigurationSyncMarker:l?`,
  getDatabaseVersionResponse: `
    majorNumber:i minorNumber:i revisionNumber:i serverMajorNumber:i? serverMinorNumber:i? serverRevisionNumber:i?
    serverDate:@SoapMplusDate? serverDateTime:@SoapMplusDateTime?`,
  getVatGroupListResponse: 'vatGroup:@VatGroup*',
} as const;
