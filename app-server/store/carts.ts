/** Carts that visitors of a shop left behind, as the shop window reports them: kept for a month, erased with their tenant. */
import type { Tenant } from '../engine/model.ts';
import { type Database, defineCollection, despiteRace, isDuplicate, newId } from './database.ts';

interface CartItem {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** As the shop window shows it, in the shop's currency. Nothing is computed from it. */
  readonly price: number;
}

interface Cart {
  readonly cartId: string;
  readonly items: readonly CartItem[];
  /** There only with the visitor's consent. */
  readonly email: string | undefined;
  /** When it was reported last. */
  readonly at: Date;
}

interface CartDocument {
  _id: string;
  tenant: Tenant;
  cartId: string;
  items: CartItem[];
  email?: string;
  at: Date;
}

const keptSeconds = 30 * 24 * 3600;

export const cartCollection = defineCollection<CartDocument>({
  name: 'carts',
  fields: {
    _id: String,
    tenant: { type: String, required: true },
    cartId: { type: String, required: true },
    items: [{ _id: false, productId: String, sku: String, name: String, quantity: Number, price: Number }],
    email: String,
    at: { type: Date, required: true },
  },
  indexes: [
    { keys: { tenant: 1, cartId: 1 }, unique: true },
    { keys: { at: 1 }, expireAfterSeconds: keptSeconds },
  ],
});

export interface CartBook {
  /** The last report of a cart is the cart, whatever arrives after it; one without items ends it. */
  report(tenant: Tenant, cart: Cart): Promise<void>;
  get(tenant: Tenant, cartId: string): Promise<Cart | undefined>;
  /** Removes what is known of this person's carts. */
  forget(tenant: Tenant, email: string): Promise<void>;
}

export function createCarts(database: Database): CartBook {
  const model = database.model(cartCollection);
  return {
    async report(tenant, { cartId, items, email, at }) {
      const notNewer = { tenant, cartId, at: { $lte: at } };
      if (items.length === 0) {
        await model.deleteOne(notNewer);
        return;
      }
      const update = {
        $set: { items: [...items], at, ...(email !== undefined && { email }) },
        ...(email === undefined && { $unset: { email: 1 as const } }),
        $setOnInsert: { _id: newId() },
      };
      try {
        await despiteRace(() => model.updateOne(notNewer, update, { upsert: true }));
      } catch (error) {
        // A newer report stands there already.
        if (!isDuplicate(error)) throw error;
      }
    },
    async forget(tenant, email) {
      // An address is the same whatever its case.
      const same = { $regex: `^${email.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, $options: 'i' };
      await model.deleteMany({ tenant, email: same });
    },
    async get(tenant, cartId) {
      const document = await model.findOne({ tenant, cartId }).lean<CartDocument>();
      return document ? { cartId, items: document.items, email: document.email, at: document.at } : undefined;
    },
  };
}
