import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seedPeople } from '../simulators/lightspeed/articles.ts';
import { startXSeries, type XSeriesSimulator } from '../simulators/lightspeed/xseries.ts';
import { problemsWithAnswer, problemsWithRequest, readOpenApi } from './lightspeed-schema-check.ts';

const description = resolve(import.meta.dirname, '../../../shared/contracts/data/lightspeed/xseries-api-2.0.openapi.json');

describe.runIf(existsSync(description))('the simulated till answers as the vendor describes', () => {
  const api = existsSync(description) ? readOpenApi(description) : undefined;
  let till: XSeriesSimulator;
  let token = '';
  beforeEach(async () => {
    till = await startXSeries();
    token = till.personalToken();
  });
  afterEach(() => till.stop());

  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${till.url}/api/2.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const held = async (method: string, path: string, body?: unknown, contradictions: readonly RegExp[] = []) => {
    if (api === undefined) throw new Error('the description is not there');
    const answer = await ask(method, path, body);
    // A search answers with the records of its type; the description of the search itself names only a few of their fields.
    const asked = { method, path: (/^\/search\?type=(\w+)/.exec(path) ?? ['', path.split('?')[0]])[1] ?? '' };
    if (path.startsWith('/search')) asked.path = `/${asked.path}`;
    const problems = problemsWithAnswer(api, asked, answer);
    expect(problems.filter((problem) => !contradictions.some((one) => one.test(problem)))).toEqual([]);
    const request = till.requests.at(-1);
    if (request !== undefined) expect(problemsWithRequest(api, request)).toEqual([]);
    return answer;
  };

  it.each([
    '/outlets',
    '/registers',
    '/taxes',
    '/payment_types',
    '/users',
    '/user',
    '/retailer',
    '/brands',
    '/tags',
    '/product_categories',
    '/outlet_taxes',
    '/inventory?page_size=5',
    '/products?after=0&page_size=5',
  ])('of the house: %s', async (path) => {
    const { status, body } = await held('GET', path);
    expect(status).toBe(200);
    expect(JSON.stringify(body).length).toBeGreaterThan(40);
  });

  it('of sales of every sort', async () => {
    for (let seed = 1; seed <= 20; seed += 1) till.sellRandom(seed);
    const sale = till.sell({ person: seedPeople[0], shipping: 495, discount: 100, rounded: true });
    till.refund(sale.id);
    till.sell({ status: 'ONACCOUNT' });
    till.sell({ status: 'SAVED' });
    const { body } = await held('GET', '/sales?page_size=50');
    expect(body.data).toHaveLength(24);
    await held('GET', `/sales/${sale.id}`);
    await held('PUT', `/sales/${sale.id}/actions/return`);
  });

  it('of customers', async () => {
    const made = await held('POST', '/customers', {
      first_name: 'Jan',
      last_name: 'de Wit',
      email: 'jan@example.nl',
      physical_country_id: 'NL',
    });
    const { id } = made.body.data;
    await held('PUT', `/customers/${id}`, { first_name: 'Johan', last_name: 'de Wit' });
    await held('GET', `/customers/${id}`);
    await held('GET', '/search?type=customers&email=jan@example.nl');
    expect((await held('DELETE', `/customers/${id}`)).status).toBe(204);
    await held('GET', '/customers?deleted=true');
  });

  it('of products', async () => {
    const [outlet] = till.outletIds();
    const wish = {
      name: 'Theepot',
      sku: '2001',
      price_including_tax: 24.95,
      product_codes: [{ type: 'EAN', code: '8710000020019' }],
      inventory: [{ outlet_id: outlet, current_amount: 4 }],
      all_outlets_tax: { tax_id: till.taxId(2100) },
    };
    // The description calls the new ids objects, its own example shows them as texts.
    const made = await held('POST', '/products', wish, [/^answer\.data\[\d+\] is "[0-9a-f-]{36}", not a object$/]);
    const [id] = made.body.data;
    expect((await held('GET', `/products/${id}`)).body.data).toMatchObject({
      sku: '2001',
      price_including_tax: 24.95,
      price_excluding_tax: 20.61983,
    });
    await held('GET', `/products/${id}/inventory`);
    await held('GET', '/search?type=products&sku=2001');
    await held('DELETE', `/products/${id}`);
    await held('GET', '/products?deleted=true&page_size=100');
  });

  it('of variants and what tells them apart', async () => {
    const made = await held('POST', '/variant_attributes', { name: 'Maat' });
    await held('GET', '/variant_attributes');
    expect((await held('POST', '/variant_attributes', { name: 'Maat' })).status).toBe(422);
    const variant = (sku: string, value: string) => ({
      sku,
      price_including_tax: 30,
      variant_definitions: [{ attribute_id: made.body.data.id, value }],
    });
    const wish = { name: 'Trui', variants: [variant('T-S', 'S'), variant('T-M', 'M')] };
    const { body } = await held('POST', '/products', wish, [/not a object$/]);
    const { data } = (await held('GET', `/products/${body.data[1]}`)).body;
    expect(data).toMatchObject({
      variant_name: 'Trui / M',
      variant_parent_id: body.data[0],
      variant_options: [{ name: 'Maat', value: 'M' }],
    });
  });

  it('finds what is wrong', () => {
    if (api === undefined) return;
    const asked = { method: 'GET', path: '/customers' };
    const answer = { status: 200, body: { data: [{ first_name: 'A', shoe_size: 42, version: '7' }] } };
    expect(problemsWithAnswer(api, asked, answer)).toEqual([
      'answer.data[0].last_name is missing',
      'answer.data[0].shoe_size is unknown',
      'answer.data[0].version is "7", not a integer',
    ]);
    expect(problemsWithRequest(api, { ...asked, query: new URLSearchParams('since=1'), body: '' })).toEqual([
      'the parameter since is unknown',
    ]);
  });
});
