import { describe, expect, it } from 'vitest';
import { isSignedWith, signatureOf } from '../../shopware-app/signature.ts';
import { isFresh, verifyFrameQuery } from '../../shopware-app/verify.ts';

const secret = 's'.repeat(64);
const plain = 'shop-id=24VoQ23gTaRApo2L&shop-url=https://shop.example&timestamp=1795315341&sw-user-language=en-GB';
const signed = (query: string, over = query) => `${query}&shopware-shop-signature=${signatureOf(over, secret)}`;

describe('the signed address of the module', () => {
  it('is believed as 6.6 signs it: the raw query before the signature', () => {
    expect(verifyFrameQuery(signed(plain), [secret])?.get('shop-url')).toBe('https://shop.example');
  });

  it('is believed with parameters that nobody knows yet', () => {
    expect(verifyFrameQuery(signed(`${plain}&app-version=1&in-app-purchases=&novelty=x`), [secret])?.get('novelty')).toBe('x');
  });

  it('is believed when a proxy of the admin encoded what was signed plainly', () => {
    const encoded = plain.replace('https://shop.example', 'https%3A%2F%2Fshop.example');
    expect(verifyFrameQuery(signed(encoded, plain), [secret])?.get('shop-url')).toBe('https://shop.example');
    expect(verifyFrameQuery(signed(encoded), [secret])?.get('shop-url')).toBe('https://shop.example');
  });

  it('is believed when the signature stands in the middle of what it signs', () => {
    const [first, ...rest] = plain.split('&');
    const query = `${first}&shopware-shop-signature=${signatureOf(plain, secret)}&${rest.join('&')}`;
    expect(verifyFrameQuery(query, [secret])?.get('timestamp')).toBe('1795315341');
  });

  it('may carry an unsigned colour scheme, before or after the signature', () => {
    for (const query of [`${signed(plain)}&color-scheme=dark`, signed(`${plain}&color-scheme=dark`, plain)]) {
      const parameters = verifyFrameQuery(query, [secret]);
      expect(parameters?.get('shop-id')).toBe('24VoQ23gTaRApo2L');
      expect(parameters?.has('color-scheme')).toBe(false);
    }
  });

  it('does not believe what was appended: neither a second shop id nor a user', () => {
    const parameters = verifyFrameQuery(`${signed(plain)}&shop-id=evil&sw-user-id=admin`, [secret]);
    expect(parameters?.get('shop-id')).toBe('24VoQ23gTaRApo2L');
    expect(parameters?.has('sw-user-id')).toBe(false);
  });

  it('is refused with a changed value, another secret, no secret or no signature', () => {
    expect(verifyFrameQuery(signed(plain).replace('en-GB', 'de-DE'), [secret])).toBeUndefined();
    expect(verifyFrameQuery(signed(plain), ['another'])).toBeUndefined();
    expect(verifyFrameQuery(signed(plain), [])).toBeUndefined();
    expect(verifyFrameQuery(plain, [secret])).toBeUndefined();
    expect(verifyFrameQuery(`${plain}&shopware-shop-signature=`, [secret])).toBeUndefined();
    expect(verifyFrameQuery('%E0%A4%A&shopware-shop-signature=%', [secret])).toBeUndefined();
  });

  it('is good for five minutes, to either side of our clock', () => {
    const now = new Date(1_795_315_341_000);
    expect(isFresh('1795315041', now)).toBe(true);
    expect(isFresh('1795315040', now)).toBe(false);
    expect(isFresh('1795315642', now)).toBe(false);
    for (const odd of [undefined, '', 'NaN', '-1', '1e9', '9'.repeat(40)]) expect(isFresh(odd, now)).toBe(false);
  });
});

describe('a signature', () => {
  it('never fits an empty or missing secret', () => {
    expect(isSignedWith('x', signatureOf('x', ''), '')).toBe(false);
    expect(isSignedWith('x', signatureOf('x', ''), undefined)).toBe(false);
    expect(isSignedWith('x', undefined, secret)).toBe(false);
    expect(isSignedWith('x', `${signatureOf('x', secret)}0`, secret)).toBe(false);
    expect(isSignedWith('x', signatureOf('x', secret), secret)).toBe(true);
  });
});
