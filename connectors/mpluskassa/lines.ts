/** Order lines for the till: whole cents per piece, every cent of the order accounted for. Pure. */
import { Failure } from '../failure.ts';
import { decimalOf, sum, taxOnNet } from '../money.ts';
import { articleNumberOf } from './articles.ts';
import type { Article } from './catalogue-answers.ts';
import type { DraftLine, OrderDraft } from './draft.ts';
import { type ChosenVat, chooseVatCode, destinationOf, type VatCode, type VatMethod } from './vat.ts';

export interface TillOrderLine {
  readonly articleNumber: number;
  readonly text: string;
  readonly quantity: number;
  /** Cents per piece: VAT included, except under VAT-METHOD-EXCLUSIVE. */
  readonly priceMinor: number;
  readonly vatCode?: number;
  readonly turnoverGroup?: number;
  readonly taxRateBp: number;
  /** Index of the draft's line; absent for a rounding line of ours. */
  readonly source?: number;
}

/**
 * An amount over a number of pieces in whole cents per piece. What does not divide goes as one cent each onto some of the
 * pieces, as a second part: 100 over 3 is 2 × 33 and 1 × 34. The parts always add up to the amount.
 */
export function priced(amountMinor: number, quantity: number): readonly { quantity: number; priceMinor: number }[] {
  const base = Math.trunc(amountMinor / quantity);
  const left = Math.abs(amountMinor - base * quantity);
  const parts = [
    { quantity: quantity - left, priceMinor: base === 0 ? 0 : base },
    { quantity: left, priceMinor: base + Math.sign(amountMinor) },
  ];
  return parts.filter((part) => part.quantity > 0);
}

export interface LineContext {
  readonly articles: ReadonlyMap<number, Article>;
  readonly codes: readonly VatCode[];
  readonly vatMethod: VatMethod;
}

export interface BuiltLines {
  readonly lines: readonly TillOrderLine[];
  /** What the till will make of them, in cents. */
  readonly totalMinor: number;
  readonly roundingMinor: number;
  readonly vatBy: ReadonlySet<ChosenVat['by']>;
}

/** What the lines have to add up to: what was paid, or the order's total when it is sent before payment. */
export function amountToExplain(draft: OrderDraft): number {
  const captured = draft.paidMinor + draft.refundedMinor;
  return draft.policy.sendWhen === 'paid' || captured > draft.totalMinor ? captured : draft.totalMinor;
}

/** Throws fix-data when an article or a VAT code is missing, or when more than the rounding limit stays unexplained. */
export function buildLines(draft: OrderDraft, context: LineContext): BuiltLines {
  const vatBy = new Set<ChosenVat['by']>();
  const lines = draft.lines.flatMap((line, source) => {
    const article = articleOf(line, context.articles);
    const vat: ChosenVat = taxed(context.vatMethod)
      ? chooseVatCode(line, article, { codes: context.codes, country: destinationOf(draft) })
      : { ...(line.vatCode && { code: line.vatCode }), by: 'till' };
    vatBy.add(vat.by);
    const amount = context.vatMethod === 'VAT-METHOD-EXCLUSIVE' ? line.netMinor : line.grossMinor;
    return priced(amount, line.quantity).map((part) => ({
      articleNumber: article.articleNumber,
      text: line.text,
      ...part,
      ...(vat.code !== undefined && { vatCode: vat.code }),
      ...(line.turnoverGroup !== undefined && { turnoverGroup: line.turnoverGroup }),
      taxRateBp: line.taxRateBp,
      source,
    }));
  });
  const expected = amountToExplain(draft);
  const difference = expected - tillTotal(lines, context.vatMethod);
  if (difference === 0) return { lines, totalMinor: expected, roundingMinor: 0, vatBy };
  const rounding =
    Math.abs(difference) <= draft.policy.roundingLimitCents ? roundingLine(draft, difference, { ...context, lines }) : undefined;
  if (rounding === undefined || tillTotal([...lines, rounding], context.vatMethod) !== expected) throw mismatch(draft, difference);
  return { lines: [...lines, rounding], totalMinor: expected, roundingMinor: difference, vatBy };
}

/** What the till adds the lines up to. Under VAT-METHOD-EXCLUSIVE it takes VAT once per code, over the sum of its lines. */
export function tillTotal(lines: readonly TillOrderLine[], vatMethod: VatMethod): number {
  if (vatMethod !== 'VAT-METHOD-EXCLUSIVE') return sum(lines.map((line) => line.priceMinor * line.quantity));
  const nets = new Map<string, { net: number; rateBp: number }>();
  for (const line of lines) {
    const key = `${line.vatCode}:${line.taxRateBp}`;
    const group = nets.get(key) ?? { net: 0, rateBp: line.taxRateBp };
    nets.set(key, { ...group, net: group.net + line.priceMinor * line.quantity });
  }
  return sum([...nets.values()].map(({ net, rateBp }) => net + taxOnNet(net, rateBp)));
}

/** What the till shows for one line, VAT included. */
export function lineGross(line: TillOrderLine, vatMethod: VatMethod): number {
  return tillTotal([line], vatMethod);
}

function taxed(vatMethod: VatMethod): boolean {
  return vatMethod === 'VAT-METHOD-INCLUSIVE' || vatMethod === 'VAT-METHOD-EXCLUSIVE';
}

/** Taxed as the rounding article is, or else as the order's largest line. */
function roundingLine(
  draft: OrderDraft,
  differenceMinor: number,
  context: LineContext & { lines: readonly TillOrderLine[] },
): TillOrderLine | undefined {
  const setting = draft.policy.roundingArticle;
  if (setting === undefined) return undefined;
  const article = articleOf({ kind: 'rounding', article: setting, text: '' }, context.articles);
  const own = context.codes.find(({ code }) => code === article.vatCode);
  const largest = [...context.lines].sort((a, b) => Math.abs(b.priceMinor * b.quantity) - Math.abs(a.priceMinor * a.quantity))[0];
  const vatCode = taxed(context.vatMethod) ? (own?.code ?? largest?.vatCode) : undefined;
  return {
    articleNumber: article.articleNumber,
    text: article.description,
    quantity: 1,
    priceMinor: differenceMinor,
    ...(vatCode !== undefined && { vatCode }),
    taxRateBp: own?.rateBp ?? largest?.taxRateBp ?? 0,
  };
}

function articleOf(
  line: Pick<DraftLine, 'kind' | 'article' | 'text'> & { sku?: string | undefined },
  articles: ReadonlyMap<number, Article>,
): Article {
  const number = articleNumberOf(line);
  const article = articles.get(number);
  const sku = line.sku ?? line.article ?? '';
  if (article === undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.article-missing',
      message: `The till has no article ${number} (SKU ${sku}). Create it in the till or translate the SKU in the table of articles.`,
      params: { sku, article: number },
    });
  }
  if (article.active === false) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.article-inactive',
      message: `Article ${number} (SKU ${sku}) is not active in the till. Activate it there.`,
      params: { sku, article: number },
    });
  }
  return article;
}

function mismatch(draft: OrderDraft, differenceMinor: number): Failure {
  const expected = amountToExplain(draft);
  const hint =
    draft.policy.roundingArticle === undefined && Math.abs(differenceMinor) <= draft.policy.roundingLimitCents
      ? 'Choose an article for rounding in the settings.'
      : 'Correct the order in the shop or enter it in the till by hand.';
  return new Failure({
    remedy: 'fix-data',
    code: 'till.amount-mismatch',
    message: `Order ${draft.number}: ${decimalOf(expected, draft.currency)} ${draft.currency} has to be explained, the lines differ by ${differenceMinor} cents. ${hint}`,
    params: { order: draft.number, difference: differenceMinor, expected, lines: expected - differenceMinor },
  });
}
