/** A tiny app server, so that the simulated shop can be tried without the product. */
import { type SimRequest, startFaultyServer } from '../shared/faulty-server.ts';
import { sign } from './wire.ts';

export interface SmallApp {
  readonly url: string;
  readonly name: string;
  readonly appSecret: string;
  /** The secret that was handed out last. */
  readonly shopSecret: string;
  readonly requests: readonly SimRequest[];
  /** Webhooks of one event, oldest first. */
  events(name: string): SimRequest[];
  last(name: string): SimRequest;
  /** Names of all webhooks in the order of their arrival. */
  names(): string[];
  forget(): void;
  /** Status of every webhook from now on. */
  answerWith(status: number): void;
  /** Status of every confirmation from now on. */
  confirmWith(status: number): void;
  stop(): Promise<void>;
}

export async function startSmallApp(): Promise<SmallApp> {
  const name = 'SmallApp';
  const appSecret = 'small-app-secret';
  const requests: SimRequest[] = [];
  let shopSecret = '';
  let status = 204;
  let confirmStatus = 204;
  let handedOut = 0;

  const server = await startFaultyServer(async (request) => {
    requests.push(request);
    if (request.path === '/register') {
      const query = new URLSearchParams(request.rawQuery);
      const proof = sign(`${query.get('shop-id')}${query.get('shop-url')}${name}`, appSecret);
      shopSecret = sign(`secret ${++handedOut}`, appSecret);
      return { status: 200, body: JSON.stringify({ proof, secret: shopSecret, confirmation_url: `${server.url}/confirm` }) };
    }
    return { status: request.path === '/confirm' ? confirmStatus : status };
  });
  const eventOf = (request: SimRequest): string | undefined => /"event":"([^"]+)"/.exec(request.body)?.[1];
  const events = (wanted: string): SimRequest[] => requests.filter((request) => eventOf(request) === wanted);

  return {
    url: server.url,
    name,
    appSecret,
    requests,
    events,
    get shopSecret() {
      return shopSecret;
    },
    last: (wanted) => {
      const found = events(wanted).at(-1);
      if (!found) throw new Error(`no ${wanted} has arrived`);
      return found;
    },
    names: () => requests.map(eventOf).filter((one) => one !== undefined),
    forget: () => {
      requests.length = 0;
    },
    answerWith: (wanted) => {
      status = wanted;
    },
    confirmWith: (wanted) => {
      confirmStatus = wanted;
    },
    stop: server.stop,
  };
}
