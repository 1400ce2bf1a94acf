import { z } from 'zod';
import type { Platform, Tenant } from '../../engine/model.ts';
import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { notFound } from '../problem.ts';
import { type Route, route } from '../route.ts';

/** Switches of the shop as a whole: those that its platform's app declares, all off until somebody switches them on. */
export function shopOptionRoutes({ shops, shopOptions }: Pick<ApiPorts, 'shops' | 'shopOptions'>): Route[] {
  const offered = (platform: Platform) => shopOptions[platform] ?? [];

  async function present(tenant: Tenant, platform: Platform) {
    const on = offered(platform).length === 0 ? new Set<string>() : await shops.optionsOn(tenant);
    return offered(platform).map(({ name, title, help }) => ({ name, title: { ...title }, help: { ...help }, on: on.has(name) }));
  }

  return [
    route({
      method: 'get',
      path: '/api/shop-options',
      name: 'listShopOptions',
      summary: 'What can be switched on for this shop as a whole',
      problems: [],
      answer: z.array(api.ShopOption),
      handle: ({ tenant, ticket }) => present(tenant, ticket.platform),
    }),
    route({
      method: 'put',
      path: '/api/shop-options',
      name: 'switchShopOption',
      summary: 'Switch one of them',
      problems: [404],
      body: api.SwitchShopOption,
      answer: z.array(api.ShopOption),
      handle: async ({ tenant, ticket, body }) => {
        if (!offered(ticket.platform).some(({ name }) => name === body.name)) throw notFound();
        if (!(await shops.switchOption(tenant, body.name, body.on))) throw notFound();
        return present(tenant, ticket.platform);
      },
    }),
  ];
}
