import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, splitStreet } from '../../app-server/mapping/house-number.ts';

const sure = [
  ['NL', 'Dorpsstraat 12', 'Dorpsstraat', '12', ''],
  ['NL', 'Dorpsstraat 12B', 'Dorpsstraat', '12', 'B'],
  ['NL', 'Dorpsstraat 12-3', 'Dorpsstraat', '12', '-3'],
  ['NL', 'Prinsengracht 263 hs', 'Prinsengracht', '263', 'hs'],
  ['NL', '1e Jan Steenstraat 4 bis', '1e Jan Steenstraat', '4', 'bis'],
  ['BE', 'Rue Neuve 12 bte 3', 'Rue Neuve', '12', 'bte 3'],
  ['BE', 'Meir 24 bus 101', 'Meir', '24', 'bus 101'],
  ['DE', 'Straße des 17. Juni 135', 'Straße des 17. Juni', '135', ''],
  ['DE', 'Hauptstr. 5a', 'Hauptstr.', '5', 'a'],
  ['FR', '12 rue de la Paix', 'rue de la Paix', '12', ''],
  ['FR', '12 bis, avenue Foch', 'avenue Foch', '12', 'bis'],
  ['IT', 'Via Roma, 12/A', 'Via Roma', '12', '/A'],
  ['IT', 'Piazza Duomo 3', 'Piazza Duomo', '3', ''],
  ['PL', 'ul. Długa 5/7 m. 3', 'ul. Długa', '5', '/7 m. 3'],
  ['PL', 'Marszałkowska 84', 'Marszałkowska', '84', ''],
] as const;

describe('street and house number', () => {
  it.each(sure)('%s: %s', (country, text, street, houseNumber, addition) => {
    expect(splitStreet(text, country)).toEqual({ street, houseNumber, addition, sure: true });
  });

  it.each([
    ['NL', 'Plein 1944 7', '7'],
    ['NL', 'Postbus', ''],
    ['DE', '12 Hauptstraße', '12'],
    ['FR', 'rue de la Paix 12', '12'],
    ['GB', '10 Downing Street', '10'],
    [undefined, 'Dorpsstraat 12', '12'],
    ['NL', '', ''],
  ] as const)('asks a person to look: %s, %s', (country, text, houseNumber) => {
    expect(splitStreet(text, country)).toMatchObject({ houseNumber, sure: false });
  });

  it('is put together again as it was, up to commas and spaces', () => {
    const plain = (text: string): string => text.replaceAll(/[\s,]/g, '');
    for (const [country, text] of sure) expect(plain(joined(splitStreet(text, country), country))).toBe(plain(text));
    const street = fc.stringMatching(/^[A-Z][a-z]{2,10}( [a-z]{3,8})?$/);
    const addition = fc.constantFrom('', 'A', '-2', 'bis');
    fc.assert(
      fc.property(
        street,
        fc.integer({ min: 1, max: 9999 }),
        addition,
        fc.constantFrom('NL', 'BE', 'DE', 'FR', 'IT', 'PL'),
        (name, number, extra, country) => {
          const split = { street: name, houseNumber: String(number), addition: extra };
          expect(splitStreet(joined(split, country), country)).toMatchObject(split);
        },
      ),
    );
  });

  it('does not even try what is longer than any street', () => {
    for (const nonsense of ['1 a '.repeat(5000), 'a1 '.repeat(5000)])
      expect(splitStreet(nonsense, 'NL')).toMatchObject({ houseNumber: '', sure: false });
  });
});
