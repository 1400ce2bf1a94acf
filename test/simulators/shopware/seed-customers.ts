/** The people who buy in the demo shop: private and business, at home and abroad, with every way to write a house number. */
export interface SeedCustomer {
  readonly number: string;
  readonly salutation: 'mr' | 'mrs' | 'not_specified';
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly company?: string;
  readonly vatIds?: readonly string[];
  readonly department?: string;
  readonly street: string;
  readonly extra?: string;
  readonly zipcode: string;
  readonly city: string;
  readonly country: string;
  readonly phone?: string;
  readonly guest?: boolean;
  /** Another address for the goods. */
  readonly shipTo?: { readonly street: string; readonly zipcode: string; readonly city: string; readonly country: string };
}

export const seedCustomers: readonly SeedCustomer[] = [
  {
    number: '10001',
    salutation: 'mr',
    firstName: 'Piet',
    lastName: 'de Vries',
    email: 'piet.devries@example.test',
    street: 'Dam 1',
    zipcode: '1012JS',
    city: 'Amsterdam',
    country: 'NL',
    phone: '+31 20 123 45 67',
  },
  {
    number: '10002',
    salutation: 'mrs',
    firstName: 'Sanne',
    lastName: 'van den Berg',
    email: 'sanne@example.test',
    street: 'Oudegracht 112-bis',
    zipcode: '3511 AW',
    city: 'Utrecht',
    country: 'NL',
  },
  {
    number: '10003',
    salutation: 'mr',
    firstName: 'Jeroen',
    lastName: 'Bakker',
    email: 'inkoop@bakkerhoreca.example.test',
    company: 'Bakker Horeca B.V.',
    vatIds: ['NL123456789B01'],
    department: 'Inkoop',
    street: 'Industrieweg 12 A',
    zipcode: '5611 AB',
    city: 'Eindhoven',
    country: 'NL',
    phone: '040-7654321',
    shipTo: { street: 'Stationsplein 3 hs', zipcode: '5611 AC', city: 'Eindhoven', country: 'NL' },
  },
  {
    number: '10004',
    salutation: 'mrs',
    firstName: 'Jürgen-Marie',
    lastName: 'Weiß',
    email: 'jm.weiss@example.test',
    street: 'Straße des 17. Juni 135',
    zipcode: '10623',
    city: 'Berlin',
    country: 'DE',
  },
  {
    number: '10005',
    salutation: 'mr',
    firstName: 'Luc',
    lastName: 'Peeters',
    email: 'luc.peeters@example.test',
    street: 'Meir 78 bus 4',
    zipcode: '2000',
    city: 'Antwerpen',
    country: 'BE',
  },
  {
    number: '10006',
    salutation: 'mrs',
    firstName: 'Élodie',
    lastName: 'Lefèvre',
    email: 'elodie@example.test',
    street: '12 rue de la Paix',
    extra: 'Bâtiment C, 3e étage',
    zipcode: '75002',
    city: 'Paris',
    country: 'FR',
  },
  {
    number: '10007',
    salutation: 'mr',
    firstName: 'Marco',
    lastName: "D'Angelo",
    email: 'marco@example.test',
    street: 'Via Roma 5/B',
    zipcode: '00184',
    city: 'Roma',
    country: 'IT',
  },
  {
    number: '10008',
    salutation: 'mrs',
    firstName: 'Zofia',
    lastName: 'Wójcik',
    email: 'zofia@example.test',
    street: 'ul. Świętokrzyska 14 m. 3',
    zipcode: '00-050',
    city: 'Warszawa',
    country: 'PL',
  },
  {
    number: '10009',
    salutation: 'not_specified',
    firstName: 'Kim',
    lastName: 'Smit',
    email: 'kim.smit@example.test',
    street: '2e Jan van der Heijdenstraat 54-3',
    zipcode: '1074XX',
    city: 'Amsterdam',
    country: 'NL',
    guest: true,
  },
];

/** Who gets the newsletter of the demo shop; one of them never bought anything. */
export const seedRecipients: readonly { readonly email: string; readonly status: 'optIn' | 'direct' | 'notSet' | 'optOut' }[] = [
  { email: 'piet.devries@example.test', status: 'optIn' },
  { email: 'sanne@example.test', status: 'optOut' },
  { email: 'luc.peeters@example.test', status: 'direct' },
  { email: 'elodie@example.test', status: 'notSet' },
  { email: 'reader@example.test', status: 'optIn' },
];
