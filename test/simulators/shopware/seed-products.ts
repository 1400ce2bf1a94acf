/** What the demo shop sells. Given to the simulated till as well, so that both sides know the same articles. */
export interface SeedProduct {
  readonly number: string;
  readonly name: string;
  /** Euro including VAT. */
  readonly price: number;
  /** Percent. */
  readonly taxRate: number;
  readonly stock: number;
}

/** Digits-only numbers are article numbers of the till; AB-12 is known to the shop alone. */
export const seedProducts: readonly SeedProduct[] = [
  { number: '1001', name: 'Espresso beans, 1 kg', price: 18.95, taxRate: 9, stock: 120 },
  { number: '1002', name: 'Filter coffee, 500 g', price: 8.49, taxRate: 9, stock: 80 },
  { number: '1003', name: 'Earl Grey tea, 50 bags', price: 5.25, taxRate: 9, stock: 64 },
  { number: '1004', name: 'Stroopwafels in a tin', price: 7.95, taxRate: 9, stock: 45 },
  { number: '1005', name: 'Coffee machine "Ochtend"', price: 249, taxRate: 21, stock: 12 },
  { number: '1006', name: 'Mug, Delft blue', price: 12.99, taxRate: 21, stock: 200 },
  { number: '1007', name: 'Milk jug, stainless steel', price: 24.95, taxRate: 21, stock: 33 },
  { number: '1008', name: 'Coffee grinder', price: 79.9, taxRate: 21, stock: 18 },
  { number: '1009', name: 'Dripper & 100 filters', price: 16.35, taxRate: 21, stock: 40 },
  { number: '1010', name: 'Gift card sleeve', price: 0.99, taxRate: 21, stock: 500 },
  { number: '1011', name: 'Collector’s postage stamps', price: 10, taxRate: 0, stock: 25 },
  { number: '1012', name: 'Café crème syrup, 70 cl', price: 9.45, taxRate: 9, stock: 30 },
  { number: 'AB-12', name: 'Barista course, one evening', price: 65, taxRate: 21, stock: 8 },
];
