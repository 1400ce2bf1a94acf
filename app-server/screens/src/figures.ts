import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Money } from './shapes.ts';

/** Amounts, dates and durations as the merchant's language writes them. */
export function useFigures() {
  const { locale: language } = useI18n();
  const locale = computed(() => regional(language.value));

  /** Minor units of an ISO 4217 currency: 1234 EUR is 12,34 €, 1234 JPY is ¥1,234. */
  function money(minor: number, currency: string): string {
    try {
      const format = new Intl.NumberFormat(locale.value, { style: 'currency', currency });
      const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
      return format.format(minor / 10 ** digits);
    } catch {
      return `${(minor / 100).toFixed(2)} ${currency}`;
    }
  }

  return {
    money,
    total: (value: Money) => money(value.totalMinor, value.currency),
    /** Minor units of a currency that is not told: nearly all have two digits. */
    decimal: (minor: number) => new Intl.NumberFormat(locale.value, { minimumFractionDigits: 2 }).format(minor / 100),
    number: (value: number) => new Intl.NumberFormat(locale.value).format(value),
    /** Basis points: 2100 is 21 %. */
    percent: (basisPoints: number) =>
      new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 2 }).format(basisPoints / 10_000),
    moment: (iso: string) => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
    exactly: (iso: string) => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso)),
    day: (iso: string) => new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(new Date(iso)),
    clock: (iso: string) => new Intl.DateTimeFormat(locale.value, { timeStyle: 'medium' }).format(new Date(iso)),
    ago: (iso: string) => ago(Date.now() - Date.parse(iso), locale.value),
    /** A stretch of time to come, roughly: "3 minutes". */
    span: (ms: number) => span(ms, locale.value),
    took: (ms: number) =>
      ms < 1000
        ? new Intl.NumberFormat(locale.value, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 }).format(ms)
        : new Intl.NumberFormat(locale.value, { style: 'unit', unit: 'second', maximumFractionDigits: 1 }).format(ms / 1000),
  };
}

/** The browser knows which English (or German, or Dutch) the merchant reads; what knows only "en" would write dates the American way. */
function regional(language: string): string {
  const own = navigator.languages.find((one) => one.slice(0, 2).toLowerCase() === language);
  return own ?? (language === 'en' ? 'en-GB' : language);
}

function span(ms: number, locale: string): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const [unit, size] = seconds < 60 ? (['second', 1] as const) : seconds < 5_400 ? (['minute', 60] as const) : (['hour', 3_600] as const);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(
    Math.round(seconds / size),
  );
}

const spans: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

function ago(ms: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, size] of spans) {
    if (Math.abs(ms) >= size) return format.format(-Math.trunc(ms / size), unit);
  }
  return format.format(0, 'second');
}
