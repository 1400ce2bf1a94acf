/** Shapes of relations and employees, in the notation of notation.ts. The order of the names is the order on the wire. */
export const relationsShapes = {
  CategoryIdSet: 'category:i*',
  CreateRelationResponse: 'result:#CreateRelationResult relationNumber:l changeTimestamp:@SoapMplusDateTime? syncMarker:l? errorMessage:s',
  Employee: `
    employeeNumber:l? extEmployeeId:s? syncMarker:l? createTimestamp:@SoapMplusDateTime? changeTimestamp:@SoapMplusDateTime?
    name:s? username:s? password:s? birthDate:@SoapMplusDate? phoneWork:s? phoneHome:s? phoneMobile:s? email:s?
    bankAccountNumber:s? bankName:s? rfid:l? extraText:s? active:b? categoryId:i? category:s? categoryIds:@CategoryIdSet?
    personNumber:s? customFieldList:_?`,
  EmployeeList: 'employee:@Employee*',
  FindRelationResponse: 'result:#FindRelationResult relation:@Relation?',
  FindRelationV2Request: 'relation:@Relation exactMatch:b?',
  FindRelationV2Response: 'result:#FindRelationResult relation:@Relation?',
  GetEmployeeResponse: 'result:#GetEmployeeResult employee:@Employee?',
  GetEmployeesResponse: 'employeeList:@EmployeeList',
  GetRelationResponse: 'result:#GetRelationResult relation:@Relation',
  GetRelationsRequest: 'relationNumbers:l* categoryId:i? syncMarker:l? syncMarkerLimit:i?',
  GetRelationsResponse: 'relationList:@RelationList',
  Relation: `
    relationNumber:l? extRelationId:s? syncMarker:l? createTimestamp:@SoapMplusDateTime? changeTimestamp:@SoapMplusDateTime?
    active:b? name:s? address:s? zipcode:s? city:s? country:s? deliveryAddress:s? deliveryZipcode:s? deliveryCity:s?
    deliveryCountry:s? contact:s? telephone:s? mobile:s? email:s? website:s? birthDate:@SoapMplusDate? relationCode:s?
    points:i? balance:l? priceGroupNumber:i? discountPercentage:i? categoryId:i? categoryIds:@CategoryIdSet? cardNumber:s?
    bankAccountNumber:s? creditLimit:l? paymentWithinDays:i? vatNumber:s? commerceNumber:s? extraText:s?
    defaultVatMethod:#VatMethod? neverPrintOrEmailReceipt:b? alwaysPrintReceipt:b? alwaysPrintLargeFormatReceipt:b?
    alwaysEmailReceipt:b? condenseCombinedInvoice:b? imageList:_? customFieldList:_? contactList:@RelationList?
    relationArticleDiscountList:_? companyName:s? branchesNonPurchasable:i* cardNumbers:s* invoiceCredit:d?
    accountBalance:d? salePromotionIds:@IdList? directDebit:b? reminderEmail:s? canEarnPoints:b? canRedeemPoints:b?
    cantRedeemPointsReason:s?`,
  RelationList: 'relation:@Relation*',
  UpdateRelationResponse: 'result:#UpdateRelationResult errorMessage:s changeTimestamp:@SoapMplusDateTime? syncMarker:l?',
  getEmployeesRequest: 'employeeNumbers:l* syncMarker:l? syncMarkerLimit:i?',
} as const;
