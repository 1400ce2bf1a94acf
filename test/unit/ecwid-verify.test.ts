import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalised } from '../../ecwid-app/hooks.ts';
import { openPayload, sameText, webhookSignature } from '../../ecwid-app/verify.ts';
import { encryptPayload } from '../simulators/ecwid/payload.ts';

const secret = 'abcdefgh12345678-and-more';
const plain = {
  store_id: 1003,
  lang: 'nl',
  access_token: 'secret_0123456789abcdef0123456789abcdef',
  view_mode: 'PAGE',
  public_token: 'public_x123',
};

const vectors = resolve(import.meta.dirname, '../../../shared/contracts/data/ecwid/test-vectors.json');
describe.runIf(existsSync(vectors))('the test vectors', () => {
  interface Vectors {
    webhookSignature: { eventCreated: number; eventId: string; clientSecret: string; signature: string }[];
    enhancedPayload: {
      clientSecret: string;
      payloadParam: string;
      plaintext: { store_id: number; access_token: string; public_token: string; lang: string };
    };
    independentVectors: Vectors['enhancedPayload'][];
  }
  const data = existsSync(vectors) ? (JSON.parse(readFileSync(vectors, 'utf8')) as Vectors) : undefined;

  it('sign webhooks as the platform does', () => {
    expect(data?.webhookSignature.length).toBeGreaterThan(0);
    for (const vector of data?.webhookSignature ?? []) {
      expect(webhookSignature({ ...vector, eventCreated: String(vector.eventCreated) }, vector.clientSecret)).toBe(vector.signature);
    }
  });

  it('open payloads that we and others encrypted', () => {
    const all = data ? [data.enhancedPayload, ...data.independentVectors] : [];
    expect(all).toHaveLength(3);
    for (const vector of all) {
      expect(openPayload(vector.payloadParam, vector.clientSecret)).toMatchObject({
        storeId: String(vector.plaintext.store_id),
        accessToken: vector.plaintext.access_token,
        publicToken: vector.plaintext.public_token || undefined,
        language: vector.plaintext.lang,
      });
    }
  });
});

describe('a payload', () => {
  it('opens with the right secret and with no other', () => {
    const payload = encryptPayload(plain, secret);
    expect(openPayload(payload, secret)).toMatchObject({ storeId: '1003', accessToken: plain.access_token, language: 'nl' });
    expect(openPayload(payload, 'another-app-secret-1')).toBeUndefined();
  });

  it('is refused when it is truncated, not base64, empty, too long or says something else', () => {
    const payload = encryptPayload(plain, secret);
    for (const wrong of ['', 'AAAA', payload.slice(0, -3), payload.slice(0, 40), `${payload}$`, ` ${payload}`, 'A'.repeat(9000)]) {
      expect(openPayload(wrong, secret)).toBeUndefined();
    }
    for (const body of [{}, { ...plain, store_id: 'x' }, { ...plain, access_token: undefined }, { ...plain, store_id: -1 }]) {
      expect(openPayload(encryptPayload(body, secret), secret)).toBeUndefined();
    }
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => openPayload(text, secret) === undefined || text.length > 0));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 160 }),
        (bytes) => openPayload(Buffer.from(bytes).toString('base64url'), secret) === undefined,
      ),
    );
  });

  it('keeps its identity however it is written or bent, and a fresh one has another', () => {
    const payload = encryptPayload(plain, secret);
    const identity = openPayload(payload, secret)?.identity;
    expect(openPayload(`${payload}==`, secret)?.identity).toBe(identity);
    const bent = Buffer.from(payload, 'base64url');
    // Turns store 1003 into store 1002 through the vector, which nothing protects.
    bent.writeUInt8(bent.readUInt8(15) ^ ('3'.charCodeAt(0) ^ '2'.charCodeAt(0)), 15);
    const opened = openPayload(bent.toString('base64url'), secret);
    expect(opened?.storeId).toBe('1002');
    expect(opened?.identity).toBe(identity);
    expect(openPayload(encryptPayload(plain, secret), secret)?.identity).not.toBe(identity);
  });
});

describe('comparing and naming', () => {
  it('compares texts of any length', () => {
    expect(sameText('abc', 'abc')).toBe(true);
    expect(sameText('abc', 'abcd')).toBe(false);
    expect(sameText('', 'a')).toBe(false);
  });

  it('knows both spellings of an event', () => {
    expect(normalised('application.subscription_status_changed')).toBe(normalised('application.subscriptionStatusChanged'));
    expect(normalised('unfinished_order.created')).toBe('unfinished_order.created');
  });
});
