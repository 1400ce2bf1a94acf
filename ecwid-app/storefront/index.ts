/**
 * Runs in the shop window of stores whose merchant switched carts on: tells the server what is in the cart, with the app's public token.
 * It sets no cookie, stores nothing, sends an e-mail only with the visitor's consent, and never throws into the page.
 */
import { type CartReport, reportOf, type StorefrontApi, storedCart } from './cart.ts';

declare global {
  interface Window {
    /** Put in front of this script by the server. */
    tillbridgeStorefront?: { readonly base: string; readonly clientId: string };
    Ecwid?: StorefrontApi;
  }
}

/** A visitor changes a cart in bursts; the last state is enough. */
const settleMs = 1500;
const attempts = 20;

function start(api: StorefrontApi | undefined): void {
  const facts = window.tillbridgeStorefront;
  const storeId = Number(api?.getOwnerId?.());
  if (facts === undefined || !Number.isInteger(storeId) || storeId <= 0) return;
  const publicToken = api?.getAppPublicToken?.(facts.clientId);
  if (!publicToken) return;

  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = '';
  const tell = (cart: CartReport | undefined): void => {
    if (cart === undefined) return;
    const consent = consented(api);
    const body = JSON.stringify({
      storeId,
      publicToken,
      cartId: cart.cartId,
      items: cart.items,
      consent,
      ...(consent && cart.email && { email: cart.email }),
    });
    if (body === last) return;
    last = body;
    clearTimeout(timer);
    timer = setTimeout(
      () =>
        quietly(() =>
          fetch(`${facts.base}/carts`, {
            method: 'POST',
            body,
            keepalive: true,
            credentials: 'omit',
            headers: { 'content-type': 'text/plain' },
          }),
        ),
      settleMs,
    );
  };

  quietly(async () => {
    const answer = await fetch(`${facts.base}/carts?storeId=${storeId}`, { credentials: 'omit' });
    const { on } = (await answer.json()) as { on?: boolean };
    if (on !== true) return;
    if (api?.Cart && api.OnCartChanged) {
      api.OnCartChanged.add((cart) => quietly(() => tell(reportOf(cart))));
      api.Cart.get((cart) => quietly(() => tell(reportOf(cart))));
    } else tell(await storedCart(storeId));
  });
}

function consented(api: StorefrontApi | undefined): boolean {
  try {
    const consent = api?.getTrackingConsent?.();
    return consent === 'ACCEPTED' || consent === true;
  } catch {
    return false;
  }
}

function quietly(work: () => unknown): void {
  try {
    void Promise.resolve(work()).catch(() => undefined);
  } catch {
    // The page is the merchant's: whatever fails here must not be seen there.
  }
}

/** The storefront loads when it likes; after ten seconds there is none on this page. */
function whenLoaded(left: number): void {
  const api = window.Ecwid;
  if (api?.OnAPILoaded) api.OnAPILoaded.add(() => quietly(() => start(window.Ecwid)));
  else if (left > 0) setTimeout(() => whenLoaded(left - 1), 500);
  else quietly(() => start(window.Ecwid));
}

quietly(() => whenLoaded(attempts));
