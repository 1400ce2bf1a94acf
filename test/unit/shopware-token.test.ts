import { describe, expect, it } from 'vitest';
import { client, failureIn, later, shop, useShop } from './shopware-client-house.ts';

useShop();

describe('the token', () => {
  it('is fetched once for all calls that wait for it, and sent with each', async () => {
    const api = client();
    await Promise.all([
      api.search('order', { page: 1, limit: 1 }),
      api.search('order', { page: 1, limit: 1 }),
      api.get('_info/version', 'version'),
    ]);
    expect(shop.tokens).toBe(1);
    expect(shop.asked.map(({ headers }) => [headers.authorization, headers.accept])).toEqual(
      Array(3).fill(['Bearer token-1', 'application/json']),
    );
  });

  it('is renewed thirty seconds before it ends', async () => {
    const api = client();
    await api.search('order', {});
    later(569_000);
    await api.search('order', {});
    expect(shop.tokens).toBe(1);
    later(2_000);
    await api.search('order', {});
    expect(shop.tokens).toBe(2);
  });

  it('is replaced once when the shop refuses it, and the call succeeds', async () => {
    shop.inLine.push({ status: 401, body: { errors: [{ code: '9', status: '401' }] } });
    await expect(client().search('order', {})).resolves.toEqual([]);
    expect([shop.tokens, shop.asked.length]).toEqual([2, 2]);
  });

  it('pauses the connection when even a fresh one is refused, after two calls', async () => {
    shop.inLine.push({ status: 401, body: { errors: [{ code: '9' }] } }, { status: 401, body: { errors: [{ code: '9' }] } });
    expect(await failureIn(client().search('order', {}))).toMatchObject({ remedy: 'fix-connection', code: 'shopware.access-refused' });
    expect(shop.asked).toHaveLength(2);
  });

  it('pauses the connection when the key is refused, and never says the key', async () => {
    shop.tokensInLine.push({
      status: 401,
      body: { errors: [{ code: '4', status: '401', title: 'Client authentication failed', detail: null }] },
    });
    const failure = await failureIn(client().search('order', {}));
    expect(failure).toMatchObject({ remedy: 'fix-connection', code: 'shopware.credentials-refused' });
    expect(failure.message).not.toContain('very-secret-key');
  });

  it('waits as long as the login limiter says', async () => {
    shop.tokensInLine.push({
      status: 429,
      body: { errors: [{ code: 'FRAMEWORK__AUTH_THROTTLED', status: '429', meta: { parameters: { seconds: 28 } } }] },
    });
    expect(await failureIn(client().search('order', {}))).toMatchObject({ remedy: 'wait', waitMs: 28_000 });
  });

  it('is asked for again after an outage', async () => {
    const api = client();
    shop.tokensInLine.push({ status: 503, body: '<html>maintenance</html>' });
    expect((await failureIn(api.search('order', {}))).remedy).toBe('wait');
    await expect(api.search('order', {})).resolves.toEqual([]);
  });
});
