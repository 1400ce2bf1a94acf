import type { Boot } from '../boot.ts';
import type { Host } from './host.ts';

/**
 * The Shopware administration replaces the frame by an error page unless it hears `sw-app-loaded` within five seconds
 * (sw-extension-app-module-page). It may run on another origin than the shop, so the frame's referrer is told as well; never `*`.
 */
export function shopwareHost(boot: Boot, followTheme: boolean): Host {
  const origins = new Set([boot.hostOrigin, originOf(document.referrer)].filter((origin): origin is string => Boolean(origin)));
  return {
    growing: false,
    shown() {
      if (window.parent === window) return;
      for (const origin of origins) {
        try {
          window.parent.postMessage('sw-app-loaded', origin);
        } catch {
          // An origin that the browser cannot parse.
        }
      }
      if (followTheme) void theme();
    },
  };
}

/** Theme-aware administrations tell us when the user switches; older ones never answer. */
async function theme(): Promise<void> {
  try {
    const { syncTheme } = await import('@shopware-ag/meteor-admin-sdk/es/context');
    await syncTheme();
  } catch {
    // What the entrance said stays.
  }
}

function originOf(address: string): string | undefined {
  try {
    return new URL(address).origin;
  } catch {
    return undefined;
  }
}
