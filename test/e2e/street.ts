/** Everything that stands along the way of an order; the way says what of it takes part. */
import type { MpluskassaSimulator } from '../simulators/mpluskassa/simulator.ts';
import type { ApiClient } from './api-client.ts';
import type { TestShop } from './shop-fixture.ts';
import type { Systems } from './systems.ts';

export interface Street {
  readonly shop: TestShop;
  readonly till: MpluskassaSimulator;
  readonly systems: Systems;
}

/** By tokens as the merchant's agreement brings them: what is signed with the app's secret is believed. */
export function connectRetailBy(api: ApiClient, { retail }: Systems): Promise<unknown> {
  const { accessToken, refreshToken, expires } = retail.grant();
  const expiresAt = new Date(expires * 1000).toISOString();
  return api.expect('PUT', 'connections/lightspeed', {
    settings: { series: 'retail', domainPrefix: retail.domainPrefix, accessToken, refreshToken, expiresAt },
  });
}
