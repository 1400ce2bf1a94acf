/** One till as a session knows it: its client, its abilities, and the lists that are asked for once in a while. */
import type { Io } from '../connector.ts';
import { Failure } from '../failure.ts';
import type { Answer } from './answers.ts';
import { type ArticleShelf, createArticleShelf } from './articles.ts';
import { createTillClient, type TillClient } from './client.ts';
import { type MpluskassaSettings, tillAddress } from './settings.ts';
import { type VatCode, vatCodesOf } from './vat.ts';
import type { Operation } from './wsdl.ts';

/** Newer operations; which service brought them is not documented, so a refusal also counts. */
interface Abilities {
  /** createOrderV3 with idempotency key and payment in the same call, payOrderV2. */
  readonly v3: boolean;
  /** findRelationV2 with exactMatch. */
  readonly exactRelations: boolean;
  /** getStock with branchNumbers. */
  readonly stockOfBranches: boolean;
  /** getOrdersByExtOrderIds. */
  readonly ordersByExtIds: boolean;
}

export interface Till {
  readonly settings: MpluskassaSettings;
  readonly client: TillClient;
  readonly articles: ArticleShelf;
  /** Markers that stood for an instant when it was first asked for: `article 2026-06-12T…` to marker. */
  readonly origins: Map<string, number>;
  now(): Date;
  version(): Promise<Answer<'getApiVersion'>>;
  abilities(): Promise<Abilities>;
  /** The till said that it does not know an operation: do without for a while. */
  lacks(ability: keyof Abilities): void;
  vatCodes(): Promise<readonly VatCode[]>;
  paymentMethods(): Promise<ReadonlySet<string>>;
  deliveryMethods(): Promise<ReadonlySet<string>>;
}

const listsForMs = 10 * 60_000;
const versionForMs = 60 * 60_000;

export function createTill(settings: MpluskassaSettings, io: Io): Till {
  const client = createTillClient({ base: tillAddress(settings), ident: settings.ident, secret: settings.secret }, io);
  const now = (): Date => io.now();
  const version = remembered(() => client.call('getApiVersion'), { now, forMs: versionForMs });
  const vatCodes = remembered(
    async () => {
      const { vatGroup } = await client.call('getVatGroupList');
      return vatCodesOf(vatGroup, { scale: settings.vatPercentageScale, branchNumber: settings.branchNumber });
    },
    { now, forMs: listsForMs },
  );
  const paymentMethods = remembered(
    async () => {
      const { paymentMethodList } = await client.call('getPaymentMethods');
      return new Set(paymentMethodList.filter(({ active }) => active !== false).map(({ method }) => method));
    },
    { now, forMs: listsForMs },
  );
  const deliveryMethods = remembered(
    async () => {
      const { deliveryMethodList } = await client.call('getDeliveryMethods');
      return new Set(deliveryMethodList.filter(({ enabled }) => enabled !== false).map(({ deliveryMethod }) => deliveryMethod));
    },
    { now, forMs: listsForMs },
  );
  const lacking = new Map<keyof Abilities, number>();
  const has = (ability: keyof Abilities): boolean => (lacking.get(ability) ?? 0) <= now().getTime();

  return {
    settings,
    client,
    articles: createArticleShelf(client, now),
    origins: new Map(),
    now,
    version,
    vatCodes,
    paymentMethods,
    deliveryMethods,
    lacks: (ability) => {
      lacking.set(ability, now().getTime() + versionForMs);
    },
    async abilities() {
      const major = (await version()).serviceMajorNumber ?? 0;
      return {
        v3: major >= 57 && has('v3'),
        exactRelations: major >= 57 && has('exactRelations'),
        stockOfBranches: major >= 57,
        ordersByExtIds: major >= 61 && has('ordersByExtIds'),
      };
    },
  };
}

/** True when the till does not know the operation; anything else is thrown on. */
export function unknownOperation(error: unknown): boolean {
  return error instanceof Failure && error.code === 'till.operation-unknown';
}

/** Which ability an operation belongs to. */
export function abilityOf(operation: Operation): keyof Abilities | undefined {
  switch (operation) {
    case 'createOrderV3':
    case 'payOrderV2':
      return 'v3';
    case 'findRelationV2':
      return 'exactRelations';
    case 'getOrdersByExtOrderIds':
      return 'ordersByExtIds';
    default:
      return undefined;
  }
}

/** Asks once and shares the answer among all who ask meanwhile; a failure is forgotten at once. */
function remembered<T>(ask: () => Promise<T>, how: { now: () => Date; forMs: number }): () => Promise<T> {
  let held: { answer: Promise<T>; until: number } | undefined;
  return () => {
    const at = how.now().getTime();
    if (held !== undefined && held.until > at) return held.answer;
    const answer = ask();
    const fresh = { answer, until: at + how.forMs };
    held = fresh;
    answer.catch(() => {
      if (held === fresh) held = undefined;
    });
    return answer;
  };
}
