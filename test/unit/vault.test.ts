import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVault, type EncryptionKey, parseEncryptionKeys, place } from '../../app-server/store/vault.ts';

const key = (id: string): EncryptionKey => ({ id, key: randomBytes(32) });
const where = place('connections', '66f0', 'secret');

describe('the vault', () => {
  it('opens what it sealed, in any script', () => {
    const vault = createVault([key('a')]);
    for (const text of ['pa55word', '', 'Grüße 🔑 日本']) expect(vault.open(vault.seal(text, where), where)).toBe(text);
  });

  it('shows nothing of the secret and seals the same secret differently each time', () => {
    const vault = createVault([key('a')]);
    const sealed = vault.seal('correct horse battery staple', where);
    expect(sealed).toMatch(/^a:[A-Za-z0-9+/]+=*$/);
    expect(Buffer.from(sealed.slice(2), 'base64').toString('latin1')).not.toContain('horse');
    expect(vault.seal('correct horse battery staple', where)).not.toBe(sealed);
  });

  it('does not open a secret that was moved to another record or field', () => {
    const vault = createVault([key('a')]);
    const sealed = vault.seal('secret', where);
    expect(() => vault.open(sealed, place('connections', '66f1', 'secret'))).toThrow('belongs to another record');
    expect(() => vault.open(sealed, place('connections', '66f0', 'ident'))).toThrow('belongs to another record');
  });

  it('does not open a secret with one altered bit, anywhere', () => {
    const vault = createVault([key('a')]);
    const bytes = Buffer.from(vault.seal('secret', where).slice(2), 'base64');
    for (let index = 0; index < bytes.length; index++) {
      const altered = Buffer.from(bytes);
      altered[index] = (altered[index] ?? 0) ^ 1;
      expect(() => vault.open(`a:${altered.toString('base64')}`, where)).toThrow('cannot be opened');
    }
    expect(() => vault.open('a:AAAA', where)).toThrow('cannot be opened');
  });

  it('seals with the first key and still opens what older keys sealed', () => {
    const [old, fresh] = [key('2025'), key('2026')];
    const before = createVault([old]).seal('secret', where);
    const rotated = createVault([fresh, old]);
    expect(rotated.open(before, where)).toBe('secret');
    expect(rotated.seal('secret', where)).toMatch(/^2026:/);
  });

  it('names the key that is gone, not the secret', () => {
    const sealed = createVault([key('2024')]).seal('secret', where);
    expect(() => createVault([key('2026')]).open(sealed, where)).toThrow('the key "2024", which ENCRYPTION_KEYS no longer holds');
    expect(() => createVault([key('2026')]).open('plain text', where)).toThrow('ENCRYPTION_KEYS no longer holds');
  });

  it('refuses to work without a key', () => {
    expect(() => createVault([])).toThrow('ENCRYPTION_KEYS');
  });
});

describe('ENCRYPTION_KEYS', () => {
  const good = randomBytes(32).toString('base64');

  it('is a list of ids and keys, the first one first', () => {
    expect(parseEncryptionKeys(`b:${good}, a:${good}`).map((entry) => entry.id)).toEqual(['b', 'a']);
  });

  it.each([
    ['', 'it holds no key'],
    ['just-a-word', 'entry 1 is not of the form id:base64'],
    [`a:${good},b:!!!`, 'entry 2 is not of the form id:base64'],
    [`a:${randomBytes(16).toString('base64')}`, 'the key "a" has 16 bytes instead of 32'],
    [`a:${good},a:${good}`, 'the key id "a" appears twice'],
  ])('says what is wrong without showing a key (%#)', (text, complaint) => {
    expect(() => parseEncryptionKeys(text)).toThrow(complaint);
    try {
      parseEncryptionKeys(text);
    } catch (error) {
      expect(String(error)).not.toContain(good);
    }
  });
});
