/** The admins that can show us in their frame, by the name that the server writes into the page. */
import type { Boot } from '../boot.ts';
import { ecwidHost } from './ecwid.ts';
import type { Host } from './host.ts';
import { shopwareHost } from './shopware.ts';

const hosts: ReadonlyMap<string, (boot: Boot) => Host> = new Map([
  ['shopware', (boot: Boot) => shopwareHost(boot, Boolean(boot.colorScheme))],
  ['ecwid', ecwidHost],
]);

export function hostOf(boot: Boot | undefined): Host | undefined {
  return boot && hosts.get(boot.host)?.(boot);
}
