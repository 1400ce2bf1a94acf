/** What the store tells the app, and how it writes times. */
export interface ShopEvent {
  readonly eventType: string;
  readonly entityId: number | string;
  readonly data?: Readonly<Record<string, string>>;
}

export const dated = (date: Date): string => `${date.toISOString().slice(0, 10)} ${date.toISOString().slice(11, 19)} +0000`;
