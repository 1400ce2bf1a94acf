/** Shapes of invoices, in the notation of notation.ts. The order of the names is the order on the wire. */
export const invoicesShapes = {
  GetInvoiceResponse: 'result:#GetInvoiceResult invoice:@Invoice?',
  Invoice: `
    invoiceId:s? extInvoiceId:s? orderIds:@IdList? extOrderIds:@IdList? transactionString:s? syncMarker:l?
    invoiceNumber:@YearNumber? invoiceBarcode:s? invoiceType:#InvoiceType? employeeNumber:l? employeeName:s?
    entryTimestamp:@SoapMplusDateTime? relationNumber:l? relationName:s? relationCategoryId:i? relationBankAccountNumber:s?
    relationVatNumber:s? deliveryAddress:@Address? invoiceAddress:@Address? financialDate:@SoapMplusDate?
    financialBranchNumber:i? financialExtBranchId:s? workplaceNumber:i? entryBranchNumber:i? entryExtBranchId:s?
    reference:s? activityId:s? dueDate:@SoapMplusDate? totalInclAmount:l? totalExclAmount:l? vatMethod:#VatMethod?
    vatGroupList:@VatGroupList? changeCounter:i? versionNumber:i? paidAmount:l? state:#InvoiceState? finalized:b?
    finalizedTimestamp:@SoapMplusDateTime? lineList:@LineList? paymentList:@PaymentList? answerList:_? vatChange:#VatChange?
    vatCountryCode:h? vatCountryIso3:s? costCenter:s? creditedInvoiceId:s? creditedReason:s? orderCategoryNumber:i?
    sessionId:s? orderNumbers:@YearNumberList? packingSlipIds:@IdList? packingSlipNumbers:@YearNumberList?
    proposalIds:@IdList? extProposalIds:@IdList? proposalNumbers:@YearNumberList? salesCategoryNumber:i?
    salesCategoryDescription:s? branchGroupNumber:i? ownerId:s? branchInvoiceNumber:_? invoiceReminder:i?
    targetInvoiceReminder:i? directDebit:b? mailedTimestamp:@SoapMplusDateTime? timelineEvents:_? contractPeriod:_?`,
  PayInvoiceRequest: 'invoiceId:s paymentList:@PaymentList',
  PayInvoiceResponse: 'result:#PayInvoiceResult errorMessage:s',
  SaveInvoiceInfo: 'invoiceId:s invoiceString:s invoiceNumber:@YearNumber? invoiceBarcode:s?',
  SaveInvoiceResponse: 'result:#SaveInvoiceResult info:@SaveInvoiceInfo errorMessage:s voucherIssuances:_? unappliedVoucherIssuances:_?',
} as const;
