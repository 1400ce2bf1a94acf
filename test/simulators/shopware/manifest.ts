/** What a manifest.xml asks of the shop. */
import { XMLParser } from 'fast-xml-parser';

export interface Subscription {
  readonly name: string;
  readonly url: string;
  readonly event: string;
  readonly onlyLiveVersion: boolean;
}
export interface Manifest {
  readonly version: string;
  readonly subscriptions: readonly Subscription[];
  /** Undefined: everything is allowed. */
  readonly privileges: ReadonlySet<string> | undefined;
  /** Address of the module's page. */
  readonly module: string | undefined;
  readonly label: string;
}

interface Node {
  readonly [name: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const child = (value: unknown, name: string): unknown => (isNode(value) ? value[name] : undefined);
const textOf = (value: unknown): string => String(isNode(value) ? (value['#text'] ?? '') : (value ?? '')).trim();

function privilegesOf(permissions: unknown): Set<string> {
  const privileges = new Set<string>();
  for (const action of ['read', 'create', 'update', 'delete', 'crud']) {
    for (const entity of listOf(child(permissions, action)).map(textOf)) {
      privileges.add(`${entity}:read`);
      const actions = action === 'crud' ? ['create', 'update', 'delete'] : [action];
      for (const one of actions) privileges.add(`${entity}:${one}`);
    }
  }
  for (const privilege of listOf(child(permissions, 'permission')).map(textOf)) privileges.add(privilege);
  return privileges;
}

/**
 * Reads manifest.xml. Where its addresses stand on another origin than the registration address that is really used
 * (a template's placeholder), they are moved to the real one.
 */
export function parseManifest(xml: string, registrationUrl: string): Manifest {
  const parsed: unknown = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
  }).parse(xml);
  const root = child(parsed, 'manifest');
  const declared = textOf(child(child(root, 'setup'), 'registrationUrl'));
  const moved = (url: string): string => {
    if (declared === '') return url;
    const from = /^[a-z]+:\/\/[^/]+|^[^/]+/i.exec(declared)?.[0] ?? '';
    return from !== '' && url.startsWith(from) ? new URL(registrationUrl).origin + url.slice(from.length) : url;
  };
  const admin = child(root, 'admin');
  const sources = [child(admin, 'main-module'), ...listOf(child(admin, 'module'))]
    .map((one) => textOf(child(one, '@source')))
    .filter((source) => source !== '');
  return {
    version: textOf(child(child(root, 'meta'), 'version')) || '1.0.0',
    label: textOf(listOf(child(child(root, 'meta'), 'label'))[0]),
    module: sources[0] === undefined ? undefined : moved(sources[0]),
    privileges: privilegesOf(child(root, 'permissions')),
    subscriptions: listOf(child(child(root, 'webhooks'), 'webhook')).map((one) => ({
      name: textOf(child(one, '@name')),
      url: moved(textOf(child(one, '@url'))),
      event: textOf(child(one, '@event')),
      onlyLiveVersion: textOf(child(one, '@onlyLiveVersion')) === 'true',
    })),
  };
}

const states = {
  order_transaction: [
    'open',
    'in_progress',
    'paid',
    'paid_partially',
    'refunded',
    'refunded_partially',
    'cancelled',
    'authorized',
    'failed',
    'chargeback',
    'reminded',
    'unconfirmed',
  ],
  order: ['open', 'in_progress', 'completed', 'cancelled'],
  order_delivery: ['open', 'shipped', 'shipped_partially', 'returned', 'returned_partially', 'cancelled'],
};

/** For tests that bring no manifest: every event that matters, all sent to one address, and every right. */
export function openManifest(options: { hooksUrl: string; moduleUrl: string }): Manifest {
  const stateEvents = Object.entries(states).flatMap(([entity, names]) => names.map((state) => `state_enter.${entity}.state.${state}`));
  const lifecycle = ['installed', 'updated', 'activated', 'deactivated', 'deleted'].map((event) => `app.${event}`);
  const others = [
    'checkout.order.placed',
    'order.written',
    'product.written',
    'product.deleted',
    'customer.written',
    'customer.deleted',
    'checkout.customer.register',
    'checkout.customer.guest_register',
    'newsletter.register',
    'newsletter.confirm',
    'newsletter.unsubscribe',
  ];
  return {
    version: '1.0.0',
    label: 'App',
    module: options.moduleUrl,
    privileges: undefined,
    subscriptions: [...lifecycle, ...others, ...stateEvents].map((event) => ({
      name: event,
      event,
      url: options.hooksUrl,
      onlyLiveVersion: event === 'order.written' || event.startsWith('product.'),
    })),
  };
}
