import { computed, ref, shallowRef } from 'vue';
import { call, problemOf, renewAt } from './api.ts';
import type { Connection, Connector, Flow, Kind, Problem, Session } from './shapes.ts';

/** What every view needs: who we are, what is connected, what flows. Loaded once, brought up to date by the views. */
export const session = shallowRef<Session>();
export const connectors = shallowRef<readonly Connector[]>([]);
export const connections = shallowRef<readonly Connection[]>([]);
export const flows = shallowRef<readonly Flow[]>([]);
export const loaded = ref(false);
/** Set when the page cannot be used at all. */
export const broken = shallowRef<Problem>();

export async function loadAll(): Promise<void> {
  try {
    broken.value = undefined;
    const [who, known, connected, flowing] = await Promise.all([
      call<Session>('GET', '/session'),
      call<Connector[]>('GET', '/connectors'),
      call<Connection[]>('GET', '/connections'),
      call<Flow[]>('GET', '/flows'),
    ]);
    renewAt(Date.parse(who.expiresAt));
    session.value = who;
    connectors.value = known;
    connections.value = connected;
    flows.value = flowing;
    loaded.value = true;
    void testInstalled();
  } catch (error) {
    broken.value = problemOf(error);
  }
}

/** The shop came with the installation and nobody tests it by hand: it is asked once, so that it does not stand there as untested. */
async function testInstalled(): Promise<void> {
  const untested = connections.value.filter((one) => one.state === 'unchecked' && connectorOf(one.connector)?.installed);
  if (!untested.length) return;
  await Promise.allSettled(untested.map((one) => call('POST', `/connections/${encodeURIComponent(one.id)}/check`)));
  await reloadConnections().catch(() => undefined);
}

export async function reloadConnections(): Promise<void> {
  connections.value = await call<Connection[]>('GET', '/connections');
}

export async function reloadFlows(): Promise<void> {
  flows.value = await call<Flow[]>('GET', '/flows');
}

export async function reloadStatus(): Promise<void> {
  await Promise.all([reloadFlows(), reloadConnections()]);
}

export function keepFlow(flow: Flow): void {
  flows.value = flows.value.some((one) => one.id === flow.id)
    ? flows.value.map((one) => (one.id === flow.id ? flow : one))
    : [...flows.value, flow];
}

export function connectorOf(name: string): Connector | undefined {
  return connectors.value.find((one) => one.name === name);
}

/** What the merchant connects by hand: everything but the shop itself. */
export const systems = computed(() => connectors.value.filter((one) => !one.installed));
export const systemConnections = computed(() => connections.value.filter((one) => isSystem(one.connector)));
export const systemReady = computed(() => systemConnections.value.some((one) => one.state === 'ok'));
/** The system that most merchants come for: the server names it first. */
export const till = computed(() => systems.value[0]);
/** As long as nothing but the till is connected, it is called by what it is. */
export const onlyTill = computed(() => systemConnections.value.every((one) => one.connector === till.value?.name));
/** As long as nothing but orders flows to the till, the words speak of orders. */
export const onlyOrders = computed(() => onlyTill.value && flows.value.every((flow) => flow.kind === 'order'));
export const isShop = (connector: string): boolean => connectorOf(connector)?.installed ?? false;
const isSystem = (connector: string): boolean => !isShop(connector);

export interface PossibleFlow {
  readonly kind: Kind;
  readonly source: Connection;
  readonly target: Connection;
}

/** Flows that could be set up between what is connected, and are not there yet. */
export const possibleFlows = computed<readonly PossibleFlow[]>(() => {
  const found: PossibleFlow[] = [];
  for (const source of connections.value) {
    for (const target of connections.value) {
      const reads = connectorOf(source.connector)?.reads ?? [];
      const writes = connectorOf(target.connector)?.writes ?? [];
      if (source.connector === target.connector) continue;
      for (const kind of reads.filter((one) => writes.includes(one))) {
        const there = flows.value.some(
          ({ kind: known, source: from, target: to, on }) =>
            known === kind &&
            ((from.connection === source.id && to.connection === target.id) ||
              // What flows one way between two systems does not flow back.
              (on && from.connection === target.id && to.connection === source.id)),
        );
        if (!there) found.push({ kind, source, target });
      }
    }
  }
  return found.sort((a, b) => Number(against(a)) - Number(against(b)));
});

/** Orders go to the till, everything else comes from it; the other way round is offered last. */
const against = ({ kind, source }: PossibleFlow): boolean => isShop(source.connector) !== (kind === 'order');

/** Until a flow has been switched on for the first time, the overview is the guide through the set-up. */
export const settingUp = computed(() => !flows.value.some((flow) => flow.on || flow.from !== undefined));
