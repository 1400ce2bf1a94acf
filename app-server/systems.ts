/** Every system that this server can connect, made as its configuration says. One more system is one more line. */
import type { Connector } from '../connectors/connector.ts';
import { lightspeedConnector } from '../connectors/lightspeed/index.ts';
import { mailchimpConnector } from '../connectors/mailchimp/index.ts';
import { mpluskassa } from '../connectors/mpluskassa/index.ts';
import { ecwidConnector } from '../ecwid-app/index.ts';
import { shopware } from '../shopware-app/connector.ts';
import type { Config } from './config.ts';
import { withKindSettings } from './mapping/kind-settings.ts';

type SystemsConfig = Pick<Config, 'mailchimp' | 'lightspeed' | 'pollEveryMs'> & { readonly ecwid?: Config['ecwid'] };

export function systemsOf(config: SystemsConfig): readonly Connector[] {
  const all = [
    shopware as Connector,
    ecwidConnector(config.ecwid?.apiBaseUrl === undefined ? {} : { apiBaseUrl: config.ecwid.apiBaseUrl }) as Connector,
    mpluskassa as Connector,
    mailchimpConnector(config.mailchimp) as Connector,
    lightspeedConnector(config.lightspeed) as Connector,
  ];
  return all.map((connector) => withKindSettings(withPollInterval(connector, config.pollEveryMs)));
}

/** One interval for every kind, where the operator wants another than the connector's own. */
function withPollInterval(connector: Connector, pollEveryMs: number | undefined): Connector {
  if (pollEveryMs === undefined) return connector;
  const reads = Object.fromEntries(Object.entries(connector.reads).map(([kind, reading]) => [kind, { ...reading, pollEveryMs }]));
  return { ...connector, reads };
}
