/** Every collection of the product. Erased in this order: what remembers that a tenant is to be erased comes last. */
import { attemptCollection } from './attempts.ts';
import { cartCollection } from './carts.ts';
import { connectionCollection } from './connections.ts';
import type { AnyCollection } from './database.ts';
import { ecwidStoreCollection } from './ecwid-stores.ts';
import { entryCollection } from './entry-document.ts';
import { erasureCollection } from './erasures.ts';
import { flowVersionCollection } from './flow-versions.ts';
import { flowCollection } from './flows.ts';
import { importCollection } from './imports.ts';
import { shopCollection } from './shops.ts';
import { shopwareShopCollection } from './shopware-shops.ts';

export const collections: readonly AnyCollection[] = [
  attemptCollection,
  cartCollection,
  erasureCollection,
  entryCollection,
  importCollection,
  flowVersionCollection,
  flowCollection,
  connectionCollection,
  shopwareShopCollection,
  ecwidStoreCollection,
  shopCollection,
];
