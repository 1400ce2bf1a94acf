import { describe, expect, it } from 'vitest';
import { type Filter, passes } from '../../app-server/mapping/filters.ts';

const product = {
  sku: '1001',
  active: true,
  categories: ['3', '9'],
  price: { grossMinor: 1995 },
  custom: { webshop: true, brand: 'Delft Blue' },
  ean: '',
};
const filter = (field: string, comparison: Filter['comparison'], value = ''): Filter => ({ field, comparison, value });

describe('which products go', () => {
  it('is everything without a condition', () => {
    expect(passes(product, [])).toBe(true);
  });

  it.each([
    [filter('custom.webshop', 'is', 'true'), true],
    [filter('custom.webshop', 'is', 'false'), false],
    [filter('categories', 'is', '9'), true],
    [filter('categories', 'is-not', '9'), false],
    [filter('categories', 'one-of', '1, 3'), true],
    [filter('custom.brand', 'contains', 'delft'), true],
    [filter('price.grossMinor', 'at-least', '1995'), true],
    [filter('price.grossMinor', 'at-most', '1994'), false],
    [filter('price.grossMinor', 'at-least', ''), false],
    [filter('ean', 'empty'), true],
    [filter('ean', 'filled'), false],
    [filter('nonsense.path', 'is', 'x'), false],
    [filter('nonsense.path', 'is-not', 'x'), true],
  ])('%o: %s', (condition, expected) => {
    expect(passes(product, [condition])).toBe(expected);
  });

  it('needs every condition to hold', () => {
    expect(passes(product, [filter('active', 'is', 'true'), filter('ean', 'filled')])).toBe(false);
  });
});
