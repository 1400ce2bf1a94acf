import { describe, expect, it } from 'vitest';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import { suggestByWords, suggestRows } from '../../app-server/mapping/suggest.ts';
import { Failure } from '../../connectors/failure.ts';
import type { Rule, TableRows } from '../../connectors/mapping.ts';

const record = {
  number: '10023',
  note: '',
  shipping: { country: 'NL' },
  payments: [{ methodId: 'ideal' }],
  lines: [
    { kind: 'product', sku: '1001', taxRateBp: 2100 },
    { kind: 'shipping', taxRateBp: 900 },
  ],
};

const run = (rules: readonly Rule[], more: { values?: Record<string, unknown>; tables?: TableRows } = {}) =>
  mapRecord({ rules, record, values: more.values ?? {}, tables: more.tables ?? {} });

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('nothing failed');
}

describe('mapping a record', () => {
  it('says for every field where its value came from', () => {
    const { fields, fired } = run(
      [
        { to: 'reference', from: 'number', onMissing: 'park' },
        { to: 'method', from: 'payments.0.methodId', table: { name: 'methods' }, onMissing: 'park' },
        { to: 'employee', force: { path: 'settings.employee' }, onMissing: 'park' },
        { to: 'branch', from: 'branch', default: 1, onMissing: 'park' },
      ],
      { values: { employee: 101 }, tables: { methods: [{ from: 'ideal', to: 'IDEAL' }] } },
    );
    expect(fields).toEqual({ reference: '10023', method: 'IDEAL', employee: 101, branch: 1 });
    expect(fired).toEqual([
      { field: 'reference', by: 'source', source: 'number' },
      { field: 'method', by: 'table', source: 'methods[ideal]' },
      { field: 'employee', by: 'force', source: 'settings.employee' },
      { field: 'branch', by: 'default' },
    ]);
  });

  it('runs a rule of lines for each line, only where its condition holds', () => {
    const { fields } = run([
      { to: 'lines[].article', from: 'sku', when: { path: 'kind', in: ['product'] }, onMissing: 'park' },
      { to: 'lines[].article', force: '9001', when: { path: 'kind', in: ['shipping'] }, onMissing: 'park' },
      { to: 'lines[].country', from: '$.shipping.country', onMissing: 'park' },
    ]);
    expect(fields).toEqual({
      lines: [
        { article: '1001', country: 'NL' },
        { article: '9001', country: 'NL' },
      ],
    });
  });

  it('prefers the row of country and rate to the row of the rate alone', () => {
    const rule: Rule = {
      to: 'lines[].taxCode',
      table: { name: 'taxCodes', keys: [['$.shipping.country', 'taxRateBp'], ['taxRateBp']] },
      onMissing: 'leave-out',
    };
    const rows = [
      { from: '2100', to: '1' },
      { from: 'NL:2100', to: '7' },
      { from: '900', to: '2' },
    ];
    expect(run([rule], { tables: { taxCodes: rows } }).fields).toEqual({ lines: [{ taxCode: '7' }, { taxCode: '2' }] });
  });

  it('parks the record and names field, value and table when no row covers the value', () => {
    const failure = failureOf(() => run([{ to: 'method', from: 'payments.0.methodId', table: { name: 'methods' }, onMissing: 'park' }]));
    expect(failure).toMatchObject({
      remedy: 'fix-data',
      code: 'mapping.row-missing',
      params: { field: 'method', value: 'ideal', table: 'methods' },
    });
  });

  it('takes a blank text for no value', () => {
    expect(run([{ to: 'note', from: 'note', onMissing: 'leave-out' }]).fields).toEqual({});
    expect(failureOf(() => run([{ to: 'note', from: 'note', onMissing: 'park' }])).code).toBe('mapping.value-missing');
  });

  it('stops at a value that a transform cannot take', () => {
    expect(failureOf(() => run([{ to: 'x', from: 'shipping.country', transform: ['digits'], onMissing: 'park' }])).params).toEqual({
      field: 'x',
      value: 'NL',
    });
  });

  it('gives equal output for equal input', () => {
    const rules: Rule[] = [{ to: 'a.b', from: 'number', transform: ['number'], onMissing: 'park' }];
    expect(run(rules)).toEqual(run(rules));
    expect(run(rules).fields).toEqual({ a: { b: 10023 } });
  });
});

describe('suggestions', () => {
  const methods = [
    { value: 'IDEAL', label: 'iDEAL' },
    { value: 'CC', label: 'Creditcard' },
  ];

  it('pairs values whose labels share their words and leaves the others to the merchant', () => {
    const rows = suggestRows(
      [
        { value: 'a', label: 'iDEAL | Wero' },
        { value: 'b', label: 'Credit card' },
        { value: 'c', label: 'Invoice' },
      ],
      methods,
    );
    expect(rows).toEqual([
      { from: 'a', to: 'IDEAL' },
      { from: 'b', to: 'CC' },
    ]);
  });

  it('picks a default by the first telling word that any label holds', () => {
    const articles = [
      { value: '9002', label: 'Korting' },
      { value: '9001', label: 'Verzendkosten' },
    ];
    expect(suggestByWords(articles, ['shipping', 'verzend'])).toBe('9001');
    expect(suggestByWords(articles, ['rounding'])).toBeUndefined();
  });
});
