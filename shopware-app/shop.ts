/** Changes to one registered shop that survive somebody else changing it at the same moment. */
import type { RegisteredShop, RegisteredShops } from './ports.ts';

/** A shop that has never been seen. */
export function unknownShop(shopId: string): RegisteredShop {
  return {
    shopId,
    shopUrl: '',
    shopSecret: undefined,
    previousShopSecret: undefined,
    pendingShopSecret: undefined,
    pendingShopUrl: undefined,
    secretsRotatedAt: undefined,
    apiKey: undefined,
    secretKey: undefined,
    active: false,
    confirmed: false,
    doubleSignature: false,
    shopwareVersion: undefined,
    uninstalledAt: undefined,
    version: 0,
  };
}

/**
 * Reads the shop, lets `change` decide on what was read, and stores the result only if nobody stored in between; else decides anew.
 * `change` returns what to store, or a decision of another kind that stores nothing.
 * Throws when five writers in a row were faster: the sender has to come again.
 */
export async function changeShop<Decision extends { readonly store?: RegisteredShop }>(
  shops: RegisteredShops,
  shopId: string,
  change: (shop: RegisteredShop | undefined) => Decision,
): Promise<Decision> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const decision = change(await shops.find(shopId));
    if (decision.store === undefined || (await shops.save(decision.store)) !== undefined) return decision;
  }
  throw new Error('the shop was changed by others five times in a row');
}
