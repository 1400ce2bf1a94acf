import { useI18n } from 'vue-i18n';
import { useFigures } from './figures.ts';

/** Values of any field as people read them. Amounts travel in minor units and rates in basis points; the field's name says so. */
export function useValues() {
  const { t } = useI18n();
  const figures = useFigures();

  function shown(value: unknown, field: string, currency?: string): string {
    if (value === undefined || value === null || value === '') return '–';
    if (typeof value === 'number' && /(Minor|^price|\.price)$/.test(field))
      return currency ? figures.money(value, currency) : figures.decimal(value);
    if (typeof value === 'number' && /Bp$/.test(field)) return figures.percent(value);
    if (typeof value === 'boolean') return t(value ? 'values.yes' : 'values.no');
    if (typeof value === 'string' && /At$/.test(field) && !Number.isNaN(Date.parse(value))) return figures.exactly(value);
    if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ') || '–';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  return { shown };
}
