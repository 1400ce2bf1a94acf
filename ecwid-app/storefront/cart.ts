/** One shape of a cart, from whichever of the two sources has it. */
import Ecommerce from '@ecwid/sdk';

export interface CartReport {
  readonly cartId: string;
  readonly items: readonly {
    readonly productId: string;
    readonly sku: string;
    readonly name: string;
    readonly quantity: number;
    readonly price: number;
  }[];
  readonly email: string | undefined;
}

/** The storefront's own API, as far as it is used (docs.ecwid.com, storefront JS API). Everything may be missing. */
export interface StorefrontApi {
  readonly OnAPILoaded?: { add(callback: () => void): void };
  readonly OnCartChanged?: { add(callback: (cart: StorefrontCart) => void): void };
  readonly Cart?: { get(callback: (cart: StorefrontCart) => void): void };
  getOwnerId?(): number | string;
  getAppPublicToken?(clientId: string): string | undefined;
  getTrackingConsent?(): unknown;
}

export interface StorefrontCart {
  readonly cartId?: string;
  readonly items?: readonly {
    readonly quantity?: number;
    readonly product?: { readonly id?: number; readonly sku?: string; readonly name?: string; readonly price?: number };
  }[];
  readonly customer?: { readonly email?: string } | null;
}

export function reportOf(cart: StorefrontCart | undefined): CartReport | undefined {
  if (!cart?.cartId) return undefined;
  const items = (cart.items ?? []).flatMap(({ quantity, product }) =>
    product?.id === undefined || !quantity
      ? []
      : [{ productId: String(product.id), sku: product.sku ?? '', name: product.name ?? '', quantity, price: product.price ?? 0 }],
  );
  return { cartId: cart.cartId, items, email: cart.customer?.email };
}

/** Reads the cart where the storefront's API is not loaded. The library throws at once on a cart that it cannot parse. */
export async function storedCart(storeId: number): Promise<CartReport | undefined> {
  try {
    return reportOf(await new Ecommerce({ storeId }).cart.get());
  } catch {
    return undefined;
  }
}
