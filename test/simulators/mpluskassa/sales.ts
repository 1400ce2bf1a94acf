import { randomUUID } from 'node:crypto';
import { exclOf } from './articles.ts';
import { momentOf } from './clock.ts';
import { type Fields, inside, listOf, numberOf, textOf } from './fields.ts';
import { branches, employees, paymentMethods } from './seed.ts';
import { rateOf, type Till, type TillLine, type TillPayment, type TillSale } from './till.ts';
import { totalUp } from './totals.ts';

const DEFAULT_BRANCH = 1;

/** The till refuses; the text becomes errorMessage. */
export class Refused extends Error {}

function inclOf(priceExcl: number, basisPoints: number): number {
  return Math.round((priceExcl * (10_000 + basisPoints)) / 10_000);
}

/**
 * Unit prices of a line. Under VAT-METHOD-INCLUSIVE `price` counts and is gross. Under the other methods priceExcl counts, or
 * else `price` read as net (that is how a working client sends it). A line without prices is priced by its article.
 */
function unitPrices(
  data: Fields,
  vatMethod: string,
  own: { priceIncl: number; basisPoints: number },
): { price: number; priceExcl: number } {
  const { basisPoints } = own;
  const price = numberOf(data, 'price');
  const priceExcl = numberOf(data, 'priceExcl');
  if (vatMethod === 'VAT-METHOD-INCLUSIVE') {
    const gross = price ?? (priceExcl === undefined ? own.priceIncl : inclOf(priceExcl, basisPoints));
    return { price: gross, priceExcl: exclOf(gross, basisPoints) };
  }
  const net = priceExcl ?? price ?? exclOf(own.priceIncl, basisPoints);
  return { price: inclOf(net, basisPoints), priceExcl: net };
}

function readLine(till: Till, line: Fields, vatMethod: string): TillLine {
  const articleNumber = numberOf(line, 'articleNumber') ?? 0;
  const article = till.articles.get(articleNumber);
  if (article === undefined) throw new Refused(`Artikel ${articleNumber} bestaat niet (article not found).`);
  const data = inside(line, 'data');
  const vatCode = numberOf(data, 'vatCode') || article.vatCode;
  const basisPoints = rateOf(vatCode);
  if (basisPoints === undefined) throw new Refused(`BTW-code ${vatCode} bestaat niet (unknown vatCode).`);
  return {
    lineId: textOf(line, 'lineId') || randomUUID(),
    articleNumber,
    text: textOf(line, 'text') || (article.seed.description ?? ''),
    quantity: numberOf(data, 'quantity') ?? 1,
    decimalPlaces: numberOf(data, 'decimalPlaces') ?? 0,
    ...unitPrices(data, vatMethod, { priceIncl: article.priceIncl, basisPoints }),
    vatCode,
    vatBasisPoints: basisPoints,
    discountPercentage: numberOf(data, 'discountPercentage') ?? 0,
    discountAmount: numberOf(data, 'discountAmount') ?? 0,
    totalInclAmount: 0,
    totalExclAmount: 0,
    delivered: false,
  };
}

/** The lines that were sent, priced. Throws Refused. */
export function readLines(till: Till, sale: Fields, vatMethod: string): TillLine[] {
  const lines = listOf(sale, 'lineList', 'line').map((line) => readLine(till, line, vatMethod));
  for (const line of lines) {
    if (line.decimalPlaces < 0 || line.decimalPlaces > 6)
      throw new Refused(`decimalPlaces ${line.decimalPlaces} van artikel ${line.articleNumber} is ongeldig.`);
  }
  return lines;
}

function checkBranch(branchNumber: number, workplaceNumber: number | undefined): void {
  const branch = branches.find((each) => each.branchNumber === branchNumber);
  if (branch === undefined) throw new Refused(`Filiaal ${branchNumber} bestaat niet (branch not found).`);
  if (branchNumber !== DEFAULT_BRANCH && !workplaceNumber)
    throw new Refused(`Werkplek ontbreekt voor filiaal ${branchNumber} (workplaceNumber is required).`);
  const known: readonly number[] = branch.workplaces;
  if (workplaceNumber && !known.includes(workplaceNumber))
    throw new Refused(`Werkplek ${workplaceNumber} van filiaal ${branchNumber} bestaat niet (workplace not found).`);
}

/** Throws Refused when no such payment method is in use. */
function checkMethod(method: string): void {
  if (!paymentMethods.some((each) => each.method === method && each.active))
    throw new Refused(`Betaalmethode '${method}' is onbekend (unknown payment method).`);
}

/** The payments that were sent. Throws Refused for an unknown method. */
export function readPayments(sent: Fields): TillPayment[] {
  return listOf(sent, 'paymentList', 'payment').map((payment) => {
    const method = textOf(payment, 'method');
    checkMethod(method);
    const externalReference = textOf(payment, 'externalReference');
    return {
      paymentId: randomUUID(),
      method,
      amount: numberOf(payment, 'amount') ?? 0,
      at: Date.now(),
      ...(externalReference === '' ? {} : { externalReference }),
    };
  });
}

/** Totals again after the lines changed. */
export function recount(till: Till, sale: TillSale): void {
  Object.assign(sale, totalUp(sale.lines, sale.vatMethod, till.vatScale === 'hundredths' ? 10_000 : 100));
}

/** Checks what was sent the way a till does and makes a sale of it, without storing it. Throws Refused. */
export function readSale(till: Till, sent: Fields, number: TillSale['number']): TillSale {
  const relationNumber = numberOf(sent, 'relationNumber') ?? 0;
  const employeeNumber = numberOf(sent, 'employeeNumber') ?? 0;
  const entryBranchNumber = numberOf(sent, 'entryBranchNumber') || numberOf(sent, 'financialBranchNumber') || DEFAULT_BRANCH;
  const workplaceNumber = numberOf(sent, 'workplaceNumber');
  const financialBranchNumber = numberOf(sent, 'financialBranchNumber') || entryBranchNumber;
  if (!till.relations.has(relationNumber)) throw new Refused(`Relatie ${relationNumber} bestaat niet (relation not found).`);
  if (!employees.some((each) => each.employeeNumber === employeeNumber))
    throw new Refused(`Medewerker ${employeeNumber} bestaat niet (employee not found).`);
  checkBranch(entryBranchNumber, workplaceNumber);
  if (!branches.some((each) => each.branchNumber === financialBranchNumber))
    throw new Refused(`Filiaal ${financialBranchNumber} bestaat niet (branch not found).`);
  const method = textOf(sent, 'paymentMethod');
  if (method !== '') checkMethod(method);
  const vatMethod = textOf(sent, 'vatMethod') || 'VAT-METHOD-INCLUSIVE';
  const lines = readLines(till, sent, vatMethod);
  if (lines.length === 0) throw new Refused('Geen regels (there are no lines).');
  const entered = inside(sent, 'entryTimestamp');
  const sale: TillSale = {
    syncMarker: 0,
    number,
    vatMethod,
    relationNumber,
    employeeNumber,
    entryBranchNumber,
    financialBranchNumber,
    workplaceNumber,
    totalInclAmount: 0,
    totalExclAmount: 0,
    vatTotals: [],
    lines,
    payments: [],
    versionNumber: 1,
    changeCounter: 1,
    enteredAt: numberOf(entered, 'year') === undefined ? Date.now() : momentOf(entered),
    sent,
  };
  recount(till, sale);
  return sale;
}
