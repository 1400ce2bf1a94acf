import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../simulators/mailchimp/account.ts';
import { routes } from '../simulators/mailchimp/api.ts';
import { batchPost } from '../simulators/mailchimp/bodies.ts';
import { signature } from '../simulators/mailchimp/webhooks.ts';
import { differences, folder, problemsWith, schemasOf, specified } from './mailchimp-schema-check.ts';

describe.runIf(specified)('the simulated Mailchimp held against the published specification', () => {
  const names = (): Set<string> => {
    const { operations } = JSON.parse(readFileSync(`${folder}marketing-3.0.91-operations.json`, 'utf8')) as {
      operations: { method: string; path: string }[];
    };
    return new Set(operations.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`));
  };

  it('answers no address that Mailchimp does not have', () => {
    const known = names();
    expect(known.size).toBeGreaterThan(100);
    expect(routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`).filter((name) => !known.has(name))).toEqual([]);
  });

  it('knows no parameter that Mailchimp does not know', () => {
    for (const { method, path, query } of routes) {
      const schemas = schemasOf(method, path);
      expect(schemas, `${method} ${path}`).toBeDefined();
      expect((query ?? []).filter((name) => !schemas?.parameters.includes(name))).toEqual([]);
    }
  });

  const line = '.product is new';
  it('asks of every body what Mailchimp asks, save for what newer versions and the plugins add', () => {
    const found = [...routes, { method: 'POST', path: '/batches', body: batchPost }].flatMap(({ method, path, body }) => {
      const schema = schemasOf(method, path)?.body;
      if (body === undefined) return schema === undefined ? [] : [`${method} ${path} takes a body`];
      return schema === undefined ? [`${method} ${path} takes no body`] : differences(body, schema, `${method} ${path}`);
    });
    const order = '/ecommerce/stores/:store/orders';
    expect(found.sort()).toEqual(
      [
        // Said in words: only for an address that is new.
        'PUT /lists/:list/members/:member.status_if_new is left free',
        // 3.0.91
        `POST ${order}.cart_id is new`,
        `PATCH ${order}/:order.cart_id is new`,
        `PUT ${order}/:order.cart_id is new`,
        `POST ${order}.lines[]${line}`,
        `PUT ${order}/:order.lines[]${line}`,
        `POST ${order}/:order/lines${line}`,
        ...['product_id', 'product_variant_id', 'quantity', 'price'].map((name) => `PUT ${order}/:order.lines[].${name} is left free`),
        'POST /batches.operations[].headers is new',
        // Without them nothing in the list could be found.
        'PATCH /ecommerce/stores/:store/products/:product.variants[].id is new',
        `PATCH ${order}/:order.lines[].id is new`,
        'PATCH /ecommerce/stores/:store/carts/:cart.lines[].id is new',
      ].sort(),
    );
  });

  it('finds mistakes, so that their absence means something', () => {
    const { answer, body } = schemasOf('GET', '/ecommerce/stores/s/orders/o') ?? {};
    expect(body).toBeUndefined();
    expect(
      problemsWith(
        answer ?? {},
        { id: 5, lines: [{ price: '1.00' }], colour: 'red', tracking_code: 'x', processed_at_foreign: 'soon' },
        'order',
      ),
    ).toEqual([
      'order.id is integer, not string',
      'order.lines[0].price is string, not number',
      'order has no colour',
      'order.tracking_code is x, not one of prec',
      'order.processed_at_foreign is not a time: soon',
    ]);
  });

  it('hashes addresses and signs webhooks as the vectors say', () => {
    const { vectors } = JSON.parse(readFileSync(`${folder}test-vectors.json`, 'utf8')) as {
      vectors: {
        subscriber_hash: { email: string; hash: string }[];
        webhook_hmac: { signing_secret: string; t: number; raw_body: string; header: string };
      };
    };
    for (const { email, hash } of vectors.subscriber_hash) expect(hashOf(email)).toBe(hash);
    const { signing_secret, t, raw_body, header } = vectors.webhook_hmac;
    expect(signature(signing_secret, t, raw_body)).toBe(header);
  });
});
