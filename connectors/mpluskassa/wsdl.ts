/**
 * The part of the till's WSDL that Tillbridge speaks: operations and types in the words and the order of `urn:mplusqapi`
 * (67.1.3), written as tables and rendered to a WSDL for the SOAP client. Fields we neither send nor read are left out;
 * what the till sends beyond this is tolerated.
 *
 * A field is `name type` (exactly one), `name type?` (at most one) or `name type*` (any number, no wrapper).
 * Element order is the schema's `xsd:sequence`.
 */

const dateTime = 'sec int, min int, hour int, day int, mon int, year int, isdst boolean, timezone int';

const types: Readonly<Record<string, string>> = {
  SoapMplusDate: 'day int, mon int, year int',
  SoapMplusDateTime: dateTime,
  YearNumber: 'year int, number long',
  Text: 'text string',
  TextList: 'text Text*',
  IdList: 'id string*',

  WorkplaceList: 'workplace Workplace*',
  Workplace: 'workplaceNumber int, workplaceName string, isMobile boolean, workplaceType string?',
  BranchList: 'branch Branch*',
  Branch:
    'branchNumber int, branchName string, abbreviation string, workplaces WorkplaceList?, countryCode int, countryIso3 string, countryName string',
  LicensedBranchList: 'licensedBranch LicensedBranch*',
  LicensedBranch: 'branchNumber int, branchName string?, workplaceLimit int?',
  getEmployeesRequest: 'employeeNumbers long*, syncMarker long?, syncMarkerLimit int?',
  EmployeeList: 'employee Employee*',
  Employee: 'employeeNumber long?, name string?, username string?, active boolean?',

  VatGroup: 'branchNumber int?, countryCode short?, countryIso3 string?, vatCode int, vatPercentage long',
  GetTurnoverGroupsRequest: 'onlyActive boolean?',
  TurnoverGroupList: 'turnoverGroup TurnoverGroup*',
  TurnoverGroup: 'turnoverGroupType string, turnoverGroup int, turnoverGroupName string',
  PaymentMethodList: 'paymentMethod PaymentMethod*',
  PaymentMethod: 'method string, description string, buttonText string, allowNegativeAmount boolean, active boolean?',
  DeliveryMethodList: 'deliveryMethod DeliveryMethod*',
  DeliveryMethod: 'deliveryMethod string, description string, buttonText string, enabled boolean?',

  GetProductsRequest:
    'articleNumbers long*, pluNumbers TextList, onlyWebshop boolean?, onlyActive boolean?, syncMarker long?, syncMarkerLimit int?, changedSinceTimestamp SoapMplusDateTime?, changedSinceBranchNumber int?, includeAllArticlesOfSelectedProducts boolean?, productNumbers long*',
  ProductList: 'product Product*',
  Product: 'productNumber long?, syncMarker long?, description string?, extraText string?, articleList ArticleList?, groupNumbers int*',
  ArticleList: 'article Article*',
  Article:
    'articleNumber long?, extArticleId string?, pluNumber string?, syncMarker long?, changeTimestamp SoapMplusDateTime?, active boolean?, description string?, colour string?, colourSequenceNumber int?, size string?, sizeSequenceNumber int?, invoiceText string?, barcode string?, contentUnit string?, contentQuantity long?, contentQuantityDecimalPlaces int?, brandName string?, extraText string?, turnoverGroup int?, vatCode int?, vatPercentage int?, priceIncl long?, priceExcl long?, siUnit string?, unit string?, supplierRelationName string?, supplierArticleNumber string?, webshop boolean?, stockArticle boolean?, specialPrice string?, customFieldList CustomFieldList?, componentArticleList ComponentArticleList?, barcodeList BarcodeList?, discontinued boolean?',
  CustomFieldList: 'customField CustomField*',
  CustomField:
    'fieldName string, dataType string?, isRequired boolean?, strValue string?, intValue long?, decimalPlaces int?, boolValue boolean?',
  BarcodeList: 'barcode Barcode*',
  Barcode: 'barcode string?, isCurrent boolean?',
  ComponentArticleList: 'componentArticle ComponentArticle*',
  ComponentArticle: 'articleNumber long?, vatCode int?',
  NumberList: 'number long*',
  GetArticleGroupsRequest: 'syncMarker long?, syncMarkerLimit int?, groupNumbers int*, retrieveArticleNumbers boolean?',
  ArticleGroupList: 'articleGroups ArticleGroup*',
  ArticleGroup:
    'groupNumber int, syncMarker long?, name string, text string, subGroupList ArticleGroupList, sortOrder int, isDeleted boolean?',
  GetArticleGroupChangesRequest: 'syncMarker long?, syncMarkerLimit int?, groupNumbers int*',
  ChangedArticleGroupList: 'changedArticleGroups ChangedArticleGroup*',
  ChangedArticleGroup:
    'groupNumber int, parentGroupNumber int?, syncMarker long?, name string, text string, sortOrder int, isDeleted boolean?',

  ArticleNumberList: 'articleNumbers long*',
  BranchNumberList: 'branchNumber int*',
  GetStockRequest: 'branchNumber int, articleNumbers ArticleNumberList, stockId long?, branchNumbers BranchNumberList?',
  ArticleStock:
    'branchNumber int?, articleNumber long, changeTimestamp SoapMplusDateTime?, stockId long, amountFree long, decimalPlacesFree int?, amountReserved long, decimalPlacesReserved int?, amountIncoming long, decimalPlacesIncoming int?',
  GetStockHistoryV2Request: 'branchNumbers int*, fromFinancialDateTime SoapMplusDateTime?, sinceStockId long?, sinceStockIdLimit int?',
  ArticleStockHistory: 'stockId long, timestamp SoapMplusDateTime, branchNumber int?, articleNumber long',
  SetStockRequest: 'branchNumber int, articleNumber long, amount long, decimalPlaces int?, employeeNumber long?, reference string?',
  SaveStockCorrectionsRequest:
    'branchNumber int, employeeNumber long, reference string, stockCorrectionList StockCorrectionList, correctionType string?, correctionMode string?, reason string?',
  StockCorrectionList: 'correction StockCorrection*',
  StockCorrection: 'articleNumber long, amount long, decimalPlaces int?',

  Relation:
    'relationNumber long?, extRelationId string?, syncMarker long?, changeTimestamp SoapMplusDateTime?, active boolean?, name string?, address string?, zipcode string?, city string?, country string?, deliveryAddress string?, deliveryZipcode string?, deliveryCity string?, deliveryCountry string?, contact string?, telephone string?, mobile string?, email string?, vatNumber string?, defaultVatMethod string?, companyName string?',
  RelationList: 'relation Relation*',
  GetRelationsRequest: 'relationNumbers long*, syncMarker long?, syncMarkerLimit int?',
  FindRelationV2Request: 'relation Relation, exactMatch boolean?',

  Order:
    'orderId string, extOrderId string?, transactionString string?, syncMarker long?, orderType string?, entryBranchNumber int?, employeeNumber long?, entryTimestamp SoapMplusDateTime?, relationNumber long?, relationName string?, deliveryAddress Address?, invoiceAddress Address?, financialDate SoapMplusDate?, financialBranchNumber int?, workplaceNumber int?, reference string?, totalInclAmount long?, totalExclAmount long?, vatMethod string?, deliveryMethod string?, paymentMethod string?, changeCounter int?, versionNumber int?, prepaidAmount long?, fullyPaid boolean?, deliveryState string?, cancelState string?, completeState string?, orderNumber YearNumber?, lineList LineList?, paymentList PaymentList?, vatCountryIso3 string?',
  OrderList: 'order Order*',
  Address: 'name string?, contact string?, address string?, zipcode string?, city string?, country string?, companyName string?',
  LineList: 'line Line*',
  Line: 'lineId string?, articleNumber long, text string?, data LineData?, lineType string?',
  LineData:
    'quantity long, decimalPlaces int?, price long?, priceExcl long?, turnoverGroup int?, vatCode int?, vatPercentage int?, discountPercentage int?, discountAmount long?, totalInclAmount long?, totalExclAmount long?',
  PaymentList: 'payment Payment*',
  Payment: 'paymentId string?, method string, description string?, amount long',

  CreateOrderInfo: 'orderId string, orderString string, orderQueued boolean?',
  CreateOrderV3Request:
    'idempotencyKey string, order Order, applySalesAndActions boolean?, applySalesPrices boolean?, applyPriceGroups boolean?, prepay boolean?, paymentList PaymentList?',
  PayOrderRequest: 'orderId string, prepay boolean, paymentList PaymentList',
  PayOrderV2Request: 'idempotencyKey string, orderId string, prepay boolean, paymentList PaymentList',
  GetOrdersRequest:
    'syncMarker long?, syncMarkerLimit int?, articlePluNumbers TextList, articleBarcodes TextList, orderIds string*, includeLineList boolean?',
  GetOrdersByExtOrderIdsRequest: 'extOrderIds IdList?',

  Invoice:
    'invoiceId string?, extInvoiceId string?, transactionString string?, syncMarker long?, invoiceNumber YearNumber?, employeeNumber long?, entryTimestamp SoapMplusDateTime?, relationNumber long?, relationName string?, deliveryAddress Address?, invoiceAddress Address?, financialBranchNumber int?, workplaceNumber int?, entryBranchNumber int?, reference string?, totalInclAmount long?, totalExclAmount long?, vatMethod string?, paidAmount long?, state string?, lineList LineList?, paymentList PaymentList?',
  SaveInvoiceInfo: 'invoiceId string, invoiceString string, invoiceNumber YearNumber?',
  PayInvoiceRequest: 'invoiceId string, paymentList PaymentList',
};

const answers: Readonly<Record<string, string>> = {
  getApiVersionResponse:
    'majorNumber int, minorNumber int, revisionNumber int, serviceMajorNumber int?, serviceMinorNumber int?, serviceRevisionNumber int?, inDebugMode boolean',
  GetLicenseInformationResponse: 'obscuredLicenseKey string?, companyName string?, city string?, licensedBranches LicensedBranchList?',
  getBranchesResponse: 'branches BranchList',
  GetEmployeesResponse: 'employeeList EmployeeList',
  getVatGroupListResponse: 'vatGroup VatGroup*',
  GetTurnoverGroupsResponse: 'turnoverGroupList TurnoverGroupList',
  GetPaymentMethodsResponse: 'paymentMethodList PaymentMethodList',
  GetDeliveryMethodsResponse: 'deliveryMethodList DeliveryMethodList',
  GetProductsResponse: 'productList ProductList',
  CreateProductResponse: 'result string, productNumber long, articleNumbers long*, syncMarker long?, errorMessage string',
  UpdateProductResponse: 'result string, existingArticleNumbers long*, newArticleNumbers long*, syncMarker long?, errorMessage string',
  GetArticleGroupsResponse: 'articleGroupList ArticleGroupList',
  GetArticleGroupChangesResponse: 'changedArticleGroupList ChangedArticleGroupList',
  getCurrentSyncMarkersResponse:
    'articleSyncMarker long, articleGroupSyncMarker long?, relationSyncMarker long, orderSyncMarker long, stockId long?',
  GetStockResponse: 'articleStocks ArticleStock*',
  GetStockHistoryResponse: 'articleStockHistory ArticleStockHistory*',
  SetStockResponse: 'result string, stockId long?',
  SaveStockCorrectionsResponse: 'result string, stockId long?, failedArticleNumber long?',
  FindRelationResponse: 'result string, relation Relation?',
  FindRelationV2Response: 'result string, relation Relation?',
  CreateRelationResponse: 'result string, relationNumber long, syncMarker long?, errorMessage string',
  UpdateRelationResponse: 'result string, errorMessage string, syncMarker long?',
  GetRelationsResponse: 'relationList RelationList',
  GetOrderResponse: 'result string, order Order?',
  GetOrdersResponse: 'orderList OrderList',
  GetOrdersByExtOrderIdsResponse: 'orderList OrderList',
  CreateOrderResponse: 'result string, info CreateOrderInfo, errorMessage string',
  CreateOrderV3Response:
    'idempotencyResult string, result string, order Order?, errorMessage string?, info CreateOrderInfo, payResult string?, invoiceId string?',
  PayOrderResponse: 'result string, invoiceId string?, errorMessage string',
  PayOrderV2Response: 'idempotencyResult string, result string, invoiceId string?, errorMessage string',
  GetInvoiceResponse: 'result string, invoice Invoice?',
  SaveInvoiceResponse: 'result string, info SaveInvoiceInfo, errorMessage string',
  PayInvoiceResponse: 'result string, errorMessage string',
};

/** Operation: its parameters and the root of its answer (response roots are not regular in this API). */
export const operations = {
  getApiVersion: { takes: '', gives: 'getApiVersionResponse' },
  getLicenseInformation: { takes: '', gives: 'GetLicenseInformationResponse' },
  getBranches: { takes: '', gives: 'getBranchesResponse' },
  getEmployees: { takes: 'request getEmployeesRequest?', gives: 'GetEmployeesResponse' },
  getVatGroupList: { takes: '', gives: 'getVatGroupListResponse' },
  getTurnoverGroups: { takes: 'request GetTurnoverGroupsRequest', gives: 'GetTurnoverGroupsResponse' },
  getPaymentMethods: { takes: '', gives: 'GetPaymentMethodsResponse' },
  getDeliveryMethods: { takes: '', gives: 'GetDeliveryMethodsResponse' },
  getProducts: { takes: 'request GetProductsRequest', gives: 'GetProductsResponse' },
  createProduct: { takes: 'product Product', gives: 'CreateProductResponse' },
  updateProduct: { takes: 'product Product', gives: 'UpdateProductResponse' },
  getArticleGroups: { takes: 'request GetArticleGroupsRequest', gives: 'GetArticleGroupsResponse' },
  getArticleGroupChanges: { takes: 'request GetArticleGroupChangesRequest', gives: 'GetArticleGroupChangesResponse' },
  getCurrentSyncMarkers: { takes: '', gives: 'getCurrentSyncMarkersResponse' },
  getStock: { takes: 'request GetStockRequest', gives: 'GetStockResponse' },
  getStockHistoryV2: { takes: 'request GetStockHistoryV2Request', gives: 'GetStockHistoryResponse' },
  setStock: { takes: 'request SetStockRequest', gives: 'SetStockResponse' },
  saveStockCorrections: { takes: 'request SaveStockCorrectionsRequest', gives: 'SaveStockCorrectionsResponse' },
  findRelation: { takes: 'relation Relation?', gives: 'FindRelationResponse' },
  findRelationV2: { takes: 'request FindRelationV2Request', gives: 'FindRelationV2Response' },
  getRelations: { takes: 'request GetRelationsRequest?', gives: 'GetRelationsResponse' },
  createRelation: { takes: 'relation Relation?', gives: 'CreateRelationResponse' },
  updateRelation: { takes: 'relation Relation?', gives: 'UpdateRelationResponse' },
  getOrder: { takes: 'orderId string', gives: 'GetOrderResponse' },
  findOrder: { takes: 'extOrderId string', gives: 'GetOrderResponse' },
  getOrders: { takes: 'request GetOrdersRequest', gives: 'GetOrdersResponse' },
  getOrdersByExtOrderIds: { takes: 'request GetOrdersByExtOrderIdsRequest', gives: 'GetOrdersByExtOrderIdsResponse' },
  createOrder: { takes: 'order Order?', gives: 'CreateOrderResponse' },
  createOrderV3: { takes: 'request CreateOrderV3Request', gives: 'CreateOrderV3Response' },
  payOrder: { takes: 'request PayOrderRequest', gives: 'PayOrderResponse' },
  payOrderV2: { takes: 'request PayOrderV2Request', gives: 'PayOrderV2Response' },
  getInvoice: { takes: 'invoiceId string', gives: 'GetInvoiceResponse' },
  findInvoice: { takes: 'extInvoiceId string', gives: 'GetInvoiceResponse' },
  saveInvoice: { takes: 'invoice Invoice', gives: 'SaveInvoiceResponse' },
  payInvoice: { takes: 'request PayInvoiceRequest', gives: 'PayInvoiceResponse' },
} as const satisfies Record<string, { takes: string; gives: string }>;

export type Operation = keyof typeof operations;

const namespace = 'urn:mplusqapi';

const primitives = new Set(['string', 'int', 'long', 'short', 'boolean', 'decimal']);

export interface TypedField {
  /** A type of the table, or a primitive one. */
  readonly type: string;
  readonly many: boolean;
  readonly optional: boolean;
}

function parsed(fields: string): ReadonlyMap<string, TypedField> {
  const list = fields.split(', ').filter((field) => field !== '');
  return new Map(
    list.map((field) => {
      const [name = '', typed = ''] = field.split(' ');
      const many = typed.endsWith('*');
      return [name, { type: typed.replace(/[?*]$/, ''), many, optional: many || typed.endsWith('?') }];
    }),
  );
}

const byType = new Map(Object.entries(types).map(([name, fields]) => [name, parsed(fields)]));
const byAnswer = new Map(Object.entries(answers).map(([name, fields]) => [name, parsed(fields)]));

/** Undefined for a primitive type. */
export const typeFields = (name: string): ReadonlyMap<string, TypedField> | undefined => byType.get(name);
export const answerFields = (name: string): ReadonlyMap<string, TypedField> | undefined => byAnswer.get(name);

function sequence(fields: string): string {
  const elements = [...parsed(fields)].map(([name, { type, many, optional }]) => {
    const occurs = many ? ' minOccurs="0" maxOccurs="unbounded"' : optional ? ' minOccurs="0"' : '';
    return `<xsd:element name="${name}" type="${primitives.has(type) ? 'xsd' : 'ns1'}:${type}"${occurs}/>`;
  });
  return `<xsd:complexType NAME><xsd:sequence>${elements.join('')}</xsd:sequence></xsd:complexType>`;
}

const named = (name: string, fields: string): string => sequence(fields).replace('NAME', `name="${name}"`);
const element = (name: string, fields: string): string =>
  `<xsd:element name="${name}">${sequence(fields).replace(' NAME', '')}</xsd:element>`;

function render(): string {
  const calls = Object.entries(operations);
  const message = (name: string): string => `<message name="${name}"><part name="Body" element="ns1:${name}"/></message>`;
  return [
    `<definitions name="MplusQapi" targetNamespace="${namespace}" xmlns:ns1="${namespace}" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns="http://schemas.xmlsoap.org/wsdl/">`,
    `<types><xsd:schema targetNamespace="${namespace}" elementFormDefault="qualified" attributeFormDefault="unqualified">`,
    ...Object.entries(types).map(([name, fields]) => named(name, fields)),
    ...calls.map(([name, call]) => element(name, call.takes)),
    ...Object.entries(answers).map(([name, fields]) => element(name, fields)),
    '</xsd:schema></types>',
    ...calls.map(([name]) => message(name)),
    ...Object.keys(answers).map(message),
    '<portType name="MplusQapiPort">',
    ...calls.map(
      ([name, call]) => `<operation name="${name}"><input message="ns1:${name}"/><output message="ns1:${call.gives}"/></operation>`,
    ),
    '</portType><binding name="MplusQapi" type="ns1:MplusQapiPort"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>',
    ...calls.map(
      ([name]) =>
        `<operation name="${name}"><soap:operation soapAction="${name}"/><input><soap:body use="literal" parts="Body"/></input><output><soap:body use="literal" parts="Body"/></output></operation>`,
    ),
    '</binding><service name="MplusQapi"><port name="MplusQapi" binding="ns1:MplusQapi"><soap:address location="https://api.mpluskassa.nl/"/></port></service></definitions>',
  ].join('\n');
}

/** The WSDL text. Its address is never used: each connection has its own. */
export const wsdlText = render();
