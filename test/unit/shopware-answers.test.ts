import { describe, expect, it } from 'vitest';
import { shopware } from '../../shopware-app/connector.ts';
import { client, failureIn, io, session, settings, shop, useShop } from './shopware-client-house.ts';

useShop();

describe('what the shop answers', () => {
  it.each([
    [
      '429 with a header in seconds',
      { status: 429, body: 'slow down', headers: { 'retry-after': '7' } },
      { remedy: 'wait', code: 'shopware.too-many-requests', waitMs: 7_000 },
    ],
    [
      '429 with a date',
      { status: 429, body: {}, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:01:00 GMT' } },
      { remedy: 'wait', waitMs: 60_000 },
    ],
    ['429 without a hint', { status: 429, body: {} }, { remedy: 'wait', waitMs: undefined }],
    ['502 in HTML', { status: 502, body: '<html>Bad Gateway</html>' }, { remedy: 'wait', code: 'shopware.unavailable' }],
    [
      '500 in JSON',
      { status: 500, body: { errors: [{ code: '0', detail: 'SQLSTATE' }] } },
      { remedy: 'wait', code: 'shopware.unavailable' },
    ],
    ['200 in HTML', { status: 200, body: '<html>Maintenance</html>' }, { remedy: 'wait', code: 'shopware.unavailable' }],
    ['200 in another JSON', { status: 200, body: { ok: true } }, { remedy: 'wait', code: 'shopware.unavailable' }],
    ['404 in HTML', { status: 404, body: '<html>Not found</html>' }, { remedy: 'fix-connection', code: 'shopware.no-api' }],
    [
      'a redirect',
      { status: 301, body: '', headers: { location: 'https://www.shop.example/' } },
      { remedy: 'fix-connection', code: 'network.redirected' },
    ],
    [
      '400',
      { status: 400, body: { errors: [{ code: 'FRAMEWORK__UNMAPPED_FIELD' }] } },
      { remedy: 'fix-data', params: { error: 'FRAMEWORK__UNMAPPED_FIELD' } },
    ],
    ['403 without a list', { status: 403, body: { errors: [{ code: 'X' }] } }, { remedy: 'fix-connection', code: 'shopware.forbidden' }],
  ])('%s says what is to be done', async (_, answer, expected) => {
    shop.inLine.push(answer);
    expect(await failureIn(client().search('order', {}))).toMatchObject(expected);
  });

  it('names the permissions that are missing', async () => {
    const detail = JSON.stringify({ message: 'Missing privilege', missingPrivileges: ['order:read', 'tag:read'] });
    shop.inLine.push({ status: 403, body: { errors: [{ status: '403', code: 'FRAMEWORK__MISSING_PRIVILEGE_ERROR', detail }] } });
    const failure = await failureIn(session().check());
    expect(failure).toMatchObject({
      remedy: 'fix-connection',
      code: 'shopware.missing-privileges',
      params: { privileges: 'order:read, tag:read' },
    });
    expect(failure.message).toContain('tag:read');
  });

  it('is nothing when the shop is away: wait, and nothing is in doubt', async () => {
    const away = shopware.open({ ...settings(), shopUrl: 'http://127.0.0.1:1' }, io());
    expect(await failureIn(away.check())).toMatchObject({ remedy: 'wait', ambiguous: false });
  });

  it('comes in pages of 500 until one is not full', async () => {
    shop.rows.country = Array.from({ length: 1001 }, (_, index) => ({ id: `c${index}`, iso: 'NL', name: 'x' }));
    expect(await client().all('country', {})).toHaveLength(1001);
    expect(shop.asked.map(({ body }) => [body.page, body.limit])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
    ]);
  });
});
