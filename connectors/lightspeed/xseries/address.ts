/** Where one store of Retail X-Series answers. */
import { Failure } from '../../failure.ts';
import type { LightspeedOptions } from '../settings.ts';

const documented = {
  apiBaseUrl: 'https://{domain_prefix}.retail.lightspeed.app',
  connectUrl: 'https://secure.retail.lightspeed.app/connect',
};

/** A label of a domain name and nothing else: whoever controls it must not be able to name another host. */
const prefixPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Without a trailing slash; `/api/…` follows. Throws fix-connection when the store's name is none. */
export function storeAddress(options: Pick<LightspeedOptions, 'retailApiBaseUrl'>, domainPrefix: string | undefined): string {
  if (domainPrefix === undefined || !prefixPattern.test(domainPrefix)) {
    throw new Failure({
      remedy: 'fix-connection',
      code: 'lightspeed.bad-store-name',
      message:
        'The name of the store may only have small letters, digits and hyphens. Enter what stands in front of .retail.lightspeed.app.',
    });
  }
  return (options.retailApiBaseUrl ?? documented.apiBaseUrl).replaceAll('{domain_prefix}', domainPrefix).replace(/\/+$/, '');
}

/** The page on which the merchant agrees. */
export function connectAddress(options: Pick<LightspeedOptions, 'retailConnectUrl'>): URL {
  return new URL(options.retailConnectUrl ?? documented.connectUrl);
}
