/** What the till sells and the shops do not have yet: something to import. */
import type { ArticleSeed } from '../simulators/mpluskassa/seed.ts';

/** Of the till's VAT codes. */
const vat = { high: 1, low: 2, none: 3 } as const;
/** Of the till's article groups and turnover groups. */
const clothes = { groupNumbers: [2], turnoverGroup: 10, vatCode: vat.high } as const;
const food = { groupNumbers: [3], turnoverGroup: 20, vatCode: vat.low } as const;
const other = { groupNumbers: [1], turnoverGroup: 10 } as const;

const sweater = {
  ...clothes,
  productNumber: 2001,
  productDescription: 'Sweater "Wad"',
  description: 'Sweater "Wad"',
  brandName: 'Noord',
  productExtraText: 'Knitted from Texel wool. Warm, and lighter than it looks.',
  priceIncl: 8995,
} as const;
const socks = { ...clothes, productNumber: 2005, productDescription: 'Wool socks', description: 'Wool socks', priceIncl: 1495 } as const;

/** Thirteen products: two with variants, one by weight, one discontinued, three VAT rates. */
export const tillCatalogue: readonly ArticleSeed[] = [
  { ...sweater, articleNumber: 2001, colour: 'Navy', size: 'M', barcode: '8712345020014', stock: 6 },
  { ...sweater, articleNumber: 2002, colour: 'Navy', size: 'L', barcode: '8712345020021', stock: 4 },
  { ...sweater, articleNumber: 2003, colour: 'Grey', size: 'M', barcode: '8712345020038', stock: 7 },
  { ...sweater, articleNumber: 2004, colour: 'Grey', size: 'L', barcode: '8712345020045', stock: 0 },
  { ...socks, articleNumber: 2005, colour: 'Grey', size: '36-39', stock: 20 },
  { ...socks, articleNumber: 2006, colour: 'Grey', size: '40-43', stock: 25 },
  { ...socks, articleNumber: 2007, colour: 'Grey', size: '44-47', stock: 15 },
  { ...clothes, articleNumber: 2008, description: 'Canvas apron', priceIncl: 3450, barcode: '8712345020083', stock: 12 },
  { ...other, articleNumber: 2009, description: 'Tea towels, set of two', vatCode: vat.high, priceIncl: 1695, stock: 40 },
  {
    ...food,
    articleNumber: 2010,
    description: 'Farmhouse cheese, by weight',
    extraText: 'Matured for eighteen months. The price is for a kilo.',
    priceIncl: 2190,
    unit: 'kg',
    stockDecimals: 3,
    stock: 24.75,
  },
  { ...food, articleNumber: 2011, description: 'Heather honey, 350 g', priceIncl: 895, barcode: '8712345020113', stock: 30 },
  { ...food, articleNumber: 2012, description: 'Rye crackers', priceIncl: 349, stock: 60 },
  { ...food, articleNumber: 2013, description: 'Liquorice, 200 g', priceIncl: 295, stock: 85 },
  { ...other, articleNumber: 2014, description: 'Enamel teapot', vatCode: vat.high, priceIncl: 4995, barcode: '8712345020144', stock: 5 },
  { ...other, articleNumber: 2015, description: 'Walnut board', vatCode: vat.high, priceIncl: 3995, stock: 9 },
  { ...other, articleNumber: 2016, description: 'Baking book', vatCode: vat.low, priceIncl: 2499, barcode: '9789012020164', stock: 14 },
  { ...other, articleNumber: 2017, description: 'Book of ten stamps', vatCode: vat.none, priceIncl: 1210, stock: 50 },
  {
    ...other,
    articleNumber: 2018,
    description: 'Calendar of last year',
    vatCode: vat.high,
    priceIncl: 1295,
    stock: 3,
    active: false,
    discontinued: true,
  },
];
