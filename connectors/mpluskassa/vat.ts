/** Which VAT code of the till a line gets, and which VAT method an order. Codes belong to a branch; rates are basis points. */
import { Failure } from '../failure.ts';
import type { VatGroup } from './answers.ts';
import type { Article } from './catalogue-answers.ts';
import type { DraftLine, OrderDraft } from './draft.ts';
import type { MpluskassaSettings } from './settings.ts';

export interface VatCode {
  readonly code: number;
  readonly rateBp: number;
  /** ISO 3166-1 alpha-3. */
  readonly country: string | undefined;
}

/**
 * The branch's VAT codes. The scale of `vatPercentage` is not documented: `auto` takes any value above 100 anywhere in the
 * list as proof of hundredths. A branch without groups of its own uses those of all branches.
 */
export function vatCodesOf(
  groups: readonly VatGroup[],
  how: { scale: MpluskassaSettings['vatPercentageScale']; branchNumber: number },
): readonly VatCode[] {
  const hundredths = how.scale === 'auto' ? groups.some((group) => group.vatPercentage > 100) : how.scale === 'hundredths';
  const own = groups.filter((group) => group.branchNumber === undefined || group.branchNumber === how.branchNumber);
  const codes = new Map<number, VatCode>();
  for (const group of own.length > 0 ? own : groups) {
    codes.set(group.vatCode, {
      code: group.vatCode,
      rateBp: hundredths ? group.vatPercentage : group.vatPercentage * 100,
      country: group.countryIso3,
    });
  }
  return [...codes.values()];
}

export interface ChosenVat {
  /** Absent: the till takes the article's own. */
  readonly code?: number;
  readonly by: 'table' | 'article' | 'rate' | 'till';
}

/** The merchant's table wins, then the article's own code when its rate is the line's, then the only code with that rate. */
export function chooseVatCode(
  line: Pick<DraftLine, 'vatCode' | 'taxRateBp' | 'text'>,
  article: Pick<Article, 'vatCode' | 'componentArticleList'>,
  from: { codes: readonly VatCode[]; country: string | undefined },
): ChosenVat {
  if (line.vatCode !== undefined && line.vatCode !== 0) {
    if (!from.codes.some(({ code }) => code === line.vatCode)) {
      throw new Failure({
        remedy: 'fix-data',
        code: 'till.vat-code-unknown',
        message: `The till has no VAT code ${line.vatCode} in this branch. Correct the table of VAT codes.`,
        params: { vatCode: line.vatCode },
      });
    }
    return { code: line.vatCode, by: 'table' };
  }
  // A composite article may have no code of its own: its components carry theirs.
  if (article.vatCode === undefined && article.componentArticleList.length > 0) return { by: 'till' };
  const fitting = from.codes.filter(({ rateBp }) => rateBp === line.taxRateBp);
  if (fitting.some(({ code }) => code === article.vatCode)) return { code: article.vatCode as number, by: 'article' };
  const abroad = fitting.filter(({ country }) => country !== undefined && country === iso3[from.country ?? '']);
  const candidates = fitting.length > 1 && abroad.length > 0 ? abroad : fitting;
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return { code: only.code, by: 'rate' };
  const rate = percent(line.taxRateBp);
  if (only === undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'till.vat-rate-unknown',
      message: `The till has no VAT code for ${rate} % in this branch. Add the rate to the table of VAT codes or in the till.`,
      params: { rate },
    });
  }
  const codes = candidates.map(({ code }) => code).join(', ');
  throw new Failure({
    remedy: 'fix-data',
    code: 'till.vat-rate-ambiguous',
    message: `The till has several VAT codes for ${rate} %: ${codes}. Choose one in the table of VAT codes.`,
    params: { rate, codes },
  });
}

export function percent(rateBp: number): string {
  return String(rateBp / 100);
}

export type VatMethod = 'VAT-METHOD-INCLUSIVE' | 'VAT-METHOD-EXCLUSIVE' | 'VAT-METHOD-SHIFTED' | 'VAT-METHOD-NONE';

/**
 * `auto` books VAT included for gross and net shops alike, so that the till's total is the paid amount. A tax-free order is
 * reverse charge when a customer with a VAT id buys from another EU country, otherwise without VAT.
 */
export function vatMethodOf(
  draft: Pick<OrderDraft, 'prices' | 'vatMethod' | 'customer' | 'shipping' | 'billing'>,
  till: { setting: MpluskassaSettings['vatMethod']; codes: readonly VatCode[] },
): VatMethod {
  switch (draft.vatMethod ?? till.setting) {
    case 'inclusive':
      return 'VAT-METHOD-INCLUSIVE';
    case 'exclusive':
      return 'VAT-METHOD-EXCLUSIVE';
    case 'shifted':
      return 'VAT-METHOD-SHIFTED';
    case 'none':
      return 'VAT-METHOD-NONE';
    default:
      break;
  }
  if (draft.prices !== 'tax-free') return 'VAT-METHOD-INCLUSIVE';
  const destination = iso3[destinationOf(draft) ?? ''];
  const home = till.codes.find(({ country }) => country !== undefined)?.country ?? 'NLD';
  const withinUnion = destination !== undefined && destination !== home && Object.values(iso3).includes(home);
  return withinUnion && (draft.customer?.vatIds.length ?? 0) > 0 ? 'VAT-METHOD-SHIFTED' : 'VAT-METHOD-NONE';
}

/** Where the goods go: decides the VAT. ISO 3166-1 alpha-2. */
export function destinationOf(draft: Pick<OrderDraft, 'shipping' | 'billing'>): string | undefined {
  return draft.shipping?.country ?? draft.billing?.country;
}

/** Member states of the EU: alpha-2 as shops state it to alpha-3 as the till states it. */
const iso3: Readonly<Record<string, string>> = {
  AT: 'AUT',
  BE: 'BEL',
  BG: 'BGR',
  CY: 'CYP',
  CZ: 'CZE',
  DE: 'DEU',
  DK: 'DNK',
  EE: 'EST',
  ES: 'ESP',
  FI: 'FIN',
  FR: 'FRA',
  GR: 'GRC',
  HR: 'HRV',
  HU: 'HUN',
  IE: 'IRL',
  IT: 'ITA',
  LT: 'LTU',
  LU: 'LUX',
  LV: 'LVA',
  MT: 'MLT',
  NL: 'NLD',
  PL: 'POL',
  PT: 'PRT',
  RO: 'ROU',
  SE: 'SWE',
  SI: 'SVN',
  SK: 'SVK',
};
