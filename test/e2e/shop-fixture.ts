/** What the end-to-end suites need from a shop platform. One suite, one fixture per platform. */
export interface ShopFixture {
  readonly platform: 'shopware' | 'ecwid';
  /** Starts the simulated shop and installs the app that answers at `appUrl`. */
  start(options: { seed: number }): Promise<TestShop>;
}

export interface PlacedOrder {
  readonly id: string;
  readonly number: string;
  /** What the customer paid, in cents. */
  readonly paidMinor: number;
}

/** Where orders come from. */
export interface OrderSource {
  /** A small order over known articles, paid; its webhooks go out by themselves. */
  placePaidOrder(): Promise<PlacedOrder>;
  /** The same by somebody who never bought anything before. */
  placePaidOrderOfNewCustomer(): Promise<PlacedOrder>;
  placeUnpaidOrder(): Promise<PlacedOrder>;
  pay(id: string): Promise<void>;
  /** What is told from now on comes this often in all (1: once), under fresh event ids or under one, and in random order once `delivered` is asked. */
  disturb(how: { readonly copies: number; readonly freshIds: boolean }): void;
  /** `dropped`: nothing is delivered from now on. */
  webhooks(mode: 'delivered' | 'dropped'): void;
  /** Resolves when no delivery is under way. */
  delivered(): Promise<void>;
  /** Requests that no real shop would understand. */
  unexpected(): readonly string[];
}

export interface TestShop extends OrderSource {
  readonly url: string;
  /** As the ledger's tenant names it. */
  readonly shopId: string;
  /** The platform's environment once the shop runs: base addresses, app secrets. */
  environment(): Record<string, string>;
  install(appUrl: string): Promise<void>;
  uninstall(): Promise<void>;
  /** What it sells: the till gets the same articles. */
  catalogue(): readonly { readonly number: string; readonly name: string; readonly priceMinor: number; readonly taxRate: number }[];
  /** A fresh address as the shop's admin opens the app's frame. */
  frameUrl(): string | Promise<string>;
  /** An order with an article that the till does not have, paid. */
  placeOrderWithUnknownArticle(): Promise<PlacedOrder>;
  /** Any order that the platform can price: gross and net, several rates, discounts, shipping, odd cents; paid. */
  placeRandomPaidOrder(): Promise<PlacedOrder>;
  /** Sends the paid event of an order this many times more, each a delivery of its own. */
  repeatPaidEvent(id: string, times: number): Promise<void>;
  stop(): Promise<void>;
}
