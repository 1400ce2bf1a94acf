/** Where the built storefront script lies: beside the built server, or in `dist` when the server runs from its sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const places = ['../storefront/storefront.js', '../dist/storefront/storefront.js'];

/** `undefined` when it was not built. */
export function storefrontScript(): string | undefined {
  return places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((file) => existsSync(file));
}
