/** What the demo store sells: digits-only SKUs are article numbers of the simulated till, AB-12 is known to the store alone. */
export interface CatalogueItem {
  readonly sku: string;
  readonly name: string;
  /** Cents, as the store shows prices (with or without VAT). */
  readonly price: number;
  /** Basis points. */
  readonly rate: number;
  readonly stock: number;
}

export const catalogue: readonly CatalogueItem[] = [
  { sku: '1001', name: 'Espresso beans, 1 kg', price: 1845, rate: 900, stock: 90 },
  { sku: '1002', name: 'Filter coffee, 500 g', price: 829, rate: 900, stock: 70 },
  { sku: '1003', name: 'Earl Grey tea, 50 bags', price: 519, rate: 900, stock: 55 },
  { sku: '1004', name: 'Stroopwafels in a tin', price: 775, rate: 900, stock: 61 },
  { sku: '1005', name: 'Coffee machine "Ochtend"', price: 23900, rate: 2100, stock: 9 },
  { sku: '1006', name: 'Mug, Delft blue', price: 1249, rate: 2100, stock: 140 },
  { sku: '1007', name: 'Milk jug, stainless steel', price: 2399, rate: 2100, stock: 28 },
  { sku: '1008', name: 'Coffee grinder', price: 7750, rate: 2100, stock: 15 },
  { sku: '1009', name: 'Dripper & 100 filters', price: 1599, rate: 2100, stock: 44 },
  { sku: '1010', name: 'Gift card sleeve', price: 95, rate: 2100, stock: 400 },
  { sku: '1011', name: 'Collector’s postage stamps', price: 1000, rate: 0, stock: 20 },
  { sku: '1012', name: 'Café crème syrup, 70 cl', price: 929, rate: 900, stock: 35 },
  { sku: 'AB-12', name: 'Barista course, one evening', price: 6250, rate: 2100, stock: 8 },
];

export interface Person {
  readonly name: string;
  readonly companyName?: string;
  readonly street: string;
  readonly city: string;
  readonly countryCode: string;
  readonly countryName: string;
  readonly postalCode: string;
  readonly stateOrProvinceCode?: string;
  readonly phone?: string;
}

export const people: readonly { readonly email: string; readonly person: Person }[] = [
  {
    email: 'sanne.bakker@example.com',
    person: {
      name: 'Sanne Bakker',
      street: 'Prinsengracht 12A',
      city: 'Amsterdam',
      countryCode: 'NL',
      countryName: 'Netherlands',
      postalCode: '1015 DV',
      phone: '+31 20 555 0101',
    },
  },
  {
    email: 'jan.dewit@example.com',
    person: {
      name: 'Jan de Wit',
      street: 'Oude Gracht 220 bis\nachterom',
      city: 'Utrecht',
      countryCode: 'NL',
      countryName: 'Netherlands',
      postalCode: '3511 NT',
    },
  },
  {
    email: 'lea.klein@example.com',
    person: {
      name: 'Lea Klein',
      street: 'Lindenallee 5',
      city: 'Köln',
      countryCode: 'DE',
      countryName: 'Germany',
      postalCode: '50667',
      phone: '+49 221 555 010',
    },
  },
  {
    email: 'marie.dubois@example.com',
    person: {
      name: 'Marie Dubois',
      street: '14 rue du Marché',
      city: 'Lille',
      countryCode: 'FR',
      countryName: 'France',
      postalCode: '59000',
    },
  },
  {
    email: 'pieter@example.com',
    person: { name: 'Pieter', street: 'Meir 1', city: 'Antwerpen', countryCode: 'BE', countryName: 'Belgium', postalCode: '2000' },
  },
];

export const company: { readonly email: string; readonly taxId: string; readonly person: Person } = {
  email: 'inkoop@koffiehuis.example.com',
  taxId: 'BE0411905847',
  person: {
    name: 'Inge Peeters',
    companyName: 'Koffiehuis Peeters BV',
    street: 'Grote Markt 3',
    city: 'Brussel',
    countryCode: 'BE',
    countryName: 'Belgium',
    postalCode: '1000',
  },
};

/** Somebody whom the store sees for the first time; the same number is the same person. */
export const newcomer = (number: number): { readonly email: string; readonly person: Person } => ({
  email: `nieuw.${number}@example.com`,
  person: {
    name: `Noor van Nieuwenhuis ${number}`,
    street: `Nieuwstraat ${number}`,
    city: 'Zwolle',
    countryCode: 'NL',
    countryName: 'Netherlands',
    postalCode: '8011 PL',
  },
});
