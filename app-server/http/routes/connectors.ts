import { z } from 'zod';
import type { Connector } from '../../../connectors/connector.ts';
import * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { presentConnector } from '../present.ts';
import { type Route, route } from '../route.ts';

/** What can be connected: the merchant's own shop platform and every system that has no shop. */
export function connectorRoutes({ connectors }: Pick<ApiPorts, 'connectors'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/connectors',
      name: 'listConnectors',
      summary: 'The systems that can be connected, with their forms',
      problems: [],
      answer: z.array(api.Connector),
      handle: async ({ ticket }) => connectors.filter((connector) => isFor(connector, ticket.platform)).map(presentConnector),
    }),
  ];
}

/** An installed connector is the shop itself; its name is the platform's. */
export const isFor = (connector: Connector, platform: string): boolean => !connector.installed || connector.name === platform;
