/** What the sandbox shop and till sell. Digits-only codes are article numbers of the simulated MplusKASSA till. */
export interface SeedArticle {
  /** Article code (C-Series), SKU (X-Series). */
  readonly code: string;
  readonly name: string;
  /** Cents including VAT. */
  readonly price: number;
  /** Basis points: 2100 is 21 %. */
  readonly rate: number;
  readonly stock: number;
  readonly ean?: string;
  readonly brand?: string;
  readonly description?: string;
  /** Articles that share it are variants of one product; `variant` is what tells them apart, as `Size: M`. */
  readonly product?: string;
  readonly variant?: string;
}

export const seedArticles: readonly SeedArticle[] = [
  { code: '1001', name: 'Espressobonen, 1 kg', price: 1845, rate: 900, stock: 90, ean: '8710000010011', brand: 'Noord' },
  { code: '1002', name: 'Filterkoffie, 500 g', price: 829, rate: 900, stock: 70, ean: '8710000010028', brand: 'Noord' },
  { code: '1003', name: 'Earl Grey, 50 zakjes', price: 519, rate: 900, stock: 55 },
  { code: '1004', name: 'Stroopwafels in blik', price: 775, rate: 900, stock: 61 },
  { code: '1005', name: 'Koffiemachine "Ochtend"', price: 23900, rate: 2100, stock: 9, brand: 'Ochtend' },
  { code: '1006', name: 'Mok, Delfts blauw', price: 1249, rate: 2100, stock: 140, product: 'mok', variant: 'Kleur: Blauw' },
  { code: '1007', name: 'Mok, Delfts wit', price: 1249, rate: 2100, stock: 28, product: 'mok', variant: 'Kleur: Wit' },
  { code: '1008', name: 'Koffiemolen', price: 7750, rate: 2100, stock: 15 },
  { code: '1009', name: 'Dripper & 100 filters', price: 1599, rate: 2100, stock: 44 },
  { code: '1011', name: 'Postzegels, vel van tien', price: 1140, rate: 0, stock: 20 },
  { code: '1012', name: 'Crème-siroop, 70 cl', price: 349, rate: 2100, stock: 35, ean: '8710000010127' },
  { code: 'AB-12', name: 'Barista-avond', price: 6250, rate: 2100, stock: 8 },
];

export interface SeedPerson {
  readonly email: string;
  readonly firstname: string;
  readonly lastname: string;
  readonly company?: string;
  readonly vatNumber?: string;
  readonly street: string;
  readonly number: string;
  readonly extension: string;
  readonly zipcode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2, lower case. */
  readonly country: string;
  readonly phone: string;
}

export const seedPeople: readonly SeedPerson[] = [
  {
    ...{ email: 'sanne.bakker@example.com', firstname: 'Sanne', lastname: 'Bakker', phone: '+31 20 555 0101' },
    ...{ street: 'Prinsengracht', number: '12', extension: 'A', zipcode: '1015 DV', city: 'Amsterdam', country: 'nl' },
  },
  {
    ...{ email: 'jan.dewit@example.com', firstname: 'Jan', lastname: 'de Wit', phone: '+31 30 555 0102' },
    ...{ street: 'Oude Gracht', number: '220', extension: 'bis', zipcode: '3511 NT', city: 'Utrecht', country: 'nl' },
  },
  {
    ...{ email: 'inkoop@vandenberg.example.com', firstname: 'Els', lastname: 'van den Berg', phone: '+31 10 555 0103' },
    ...{ company: 'Van den Berg Horeca B.V.', vatNumber: 'NL123456789B01' },
    ...{ street: 'Havenstraat', number: '7', extension: '', zipcode: '3011 AB', city: 'Rotterdam', country: 'nl' },
  },
  {
    ...{ email: 'jürgen.groß@example.com', firstname: 'Jürgen', lastname: 'Groß', phone: '+49 30 5550104' },
    ...{ street: 'Lange Straße', number: '18', extension: '', zipcode: '10115', city: 'Berlin', country: 'de' },
  },
];
