/** The address under which the administration opens an app's module, signed as `sign-uri` does it. */
import type { InstalledApp } from './app-lifecycle.ts';
import { sign, systemLanguage } from './wire.ts';

export interface ModuleUrlOptions {
  /** Parameters that this simulator's version does not know yet; they are signed as well. */
  readonly extraSigned?: Readonly<Record<string, string>>;
  /** Appended after the signature, as theme-aware administrations do. */
  readonly colorScheme?: 'light' | 'dark';
  /** The user's locale. */
  readonly language?: string;
  readonly userId?: string;
  /** Percent-encodes the values, as a newer URL library may. The signature covers what is sent. */
  readonly encoded?: boolean;
  /** Seconds since 1970. */
  readonly timestamp?: number;
}

interface Shop {
  readonly shopId: string;
  readonly shopUrl: string;
  readonly swVersion: string;
  readonly newer: boolean;
}

export function signedModuleUrl(app: InstalledApp, shop: Shop, options: ModuleUrlOptions = {}): string {
  const { manifest, secret } = app;
  if (manifest.module === undefined || secret === undefined) throw new Error('the app has no module to open');
  const source = manifest.module.split('?')[0] ?? manifest.module;
  const parameters: [string, string][] = [
    ['shop-id', shop.shopId],
    ['shop-url', shop.shopUrl],
    ['timestamp', String(options.timestamp ?? Math.floor(Date.now() / 1000))],
    ['sw-version', shop.swVersion],
    ...(shop.newer
      ? ([
          ['app-version', app.version],
          ['in-app-purchases', ''],
        ] as [string, string][])
      : []),
    ['sw-context-language', systemLanguage],
    ['sw-user-language', options.language ?? 'en-GB'],
    ...(shop.newer ? ([['sw-user-id', options.userId ?? '0190aaaabbbb7cccddddeeeeffff0001']] as [string, string][]) : []),
    ...Object.entries(options.extraSigned ?? {}),
  ];
  const query = parameters.map(([name, value]) => `${name}=${options.encoded === true ? encodeURIComponent(value) : value}`).join('&');
  const scheme = options.colorScheme === undefined ? '' : `&color-scheme=${options.colorScheme}`;
  return `${source}?${query}&shopware-shop-signature=${sign(query, secret)}${scheme}`;
}
