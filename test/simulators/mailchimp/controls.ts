/** What people do in Mailchimp and in their mail programs, and what a test wants to see of the account. */
import type { Account, Audience, Json, Member, Store } from './account.ts';
import { createAudience } from './audience.ts';
import { remind, showCart } from './carts.ts';
import { showCustomer } from './customers.ts';
import { arrive, become, findMember, type Place, profileChanged, rename, showMember, touch } from './member.ts';
import { fillIn } from './merge-fields.ts';
import { showOrder } from './orders.ts';
import { showProduct } from './products.ts';
import { showStore } from './stores.ts';
import type { AudienceWish, Deed, MailchimpSimulator, MemberWish, OrderNotice } from './surface.ts';
import { addTag } from './tags.ts';

type Controls = Pick<
  MailchimpSimulator,
  | ('addAudience' | 'deleteAudience' | 'addMember' | 'member' | 'members' | 'tags' | 'confirm' | 'unsubscribe' | 'clean' | 'changeEmail')
  | ('changeProfile' | 'archive' | 'stores' | 'store' | 'customers' | 'customer' | 'products' | 'product' | 'orders' | 'order' | 'carts')
  | ('notify' | 'abandonCarts')
>;

export function createControls(account: Account, firstAudience: string): Controls {
  const audienceOf = (id = firstAudience): Audience => {
    const audience = account.audiences.get(id);
    if (audience === undefined) throw new Error(`the simulated account has no audience ${id}`);
    return audience;
  };
  const storeOf = (id: string): Store => {
    const store = account.stores.get(id);
    if (store === undefined) throw new Error(`the simulated account has no store ${id}`);
    return store;
  };
  const memberOf = (email: string, deed: Deed): { place: Place; member: Member } => {
    const audience = audienceOf(deed.audienceId);
    const member = findMember(audience, email);
    if (member === undefined) throw new Error(`audience ${audience.id} has no member ${email}`);
    return { place: { account, audience, source: deed.how ?? 'user' }, member };
  };
  const fill = (audience: Audience, member: Member, mergeFields: Json) => {
    const { errors, unknown } = fillIn(audience, member.mergeFields, mergeFields);
    if (errors.length + unknown.length > 0) throw new Error(`merge fields: ${JSON.stringify({ errors, unknown })}`);
  };
  const all = <T>(store: string, records: (store: Store) => ReadonlyMap<string, T>, show: (store: Store, record: T) => Json): Json[] => {
    const found = storeOf(store);
    return [...records(found).values()].map((record) => show(found, record));
  };
  const one = <T>(record: T | undefined, show: (record: T) => Json): Json | undefined => (record === undefined ? undefined : show(record));

  return {
    addAudience: (wish?: AudienceWish) => createAudience(account, wish).id,
    deleteAudience: (id) => void account.audiences.delete(audienceOf(id).id),
    addMember(email, wish: MemberWish = {}) {
      const audience = audienceOf(wish.audienceId);
      const place: Place = { account, audience, source: wish.how ?? 'admin' };
      const status = wish.status ?? 'subscribed';
      const member = arrive(place, email, { status });
      fill(audience, member, { ...wish.mergeFields });
      member.language = wish.language ?? '';
      touch(place, member);
      become(place, member, status);
      for (const tag of wish.tags ?? []) addTag(place, member, tag, true);
      return showMember(account, audience, member);
    },
    member: (email, id) => one(findMember(audienceOf(id), email), (member) => showMember(account, audienceOf(id), member)),
    members: (id) => [...audienceOf(id).members.values()].map((member) => showMember(account, audienceOf(id), member)),
    tags: (email, id) => [...(findMember(audienceOf(id), email)?.tags.keys() ?? [])],
    confirm(email, deed = {}) {
      const { place, member } = memberOf(email, deed);
      become(place, member, 'subscribed');
    },
    unsubscribe(email, deed = {}) {
      const { place, member } = memberOf(email, deed);
      become(place, member, 'unsubscribed');
    },
    clean(email, reason = 'hard', deed = {}) {
      const { place, member } = memberOf(email, deed);
      become(place, member, 'cleaned', { reason });
    },
    changeEmail(from, to, deed = {}) {
      const { place, member } = memberOf(from, deed);
      rename(place, member, to);
    },
    changeProfile(email, mergeFields, deed = {}) {
      const { place, member } = memberOf(email, deed);
      fill(place.audience, member, mergeFields);
      profileChanged(place, member);
    },
    archive(email, deed = {}) {
      const { place, member } = memberOf(email, { how: 'admin', ...deed });
      become(place, member, 'archived');
    },

    stores: () => [...account.stores.values()].map((store) => showStore(account, store)),
    store: (id) => one(account.stores.get(id), (store) => showStore(account, store)),
    customers: (store) => all(store, ({ customers }) => customers, showCustomer),
    customer: (store, id) => one(storeOf(store).customers.get(id), (customer) => showCustomer(storeOf(store), customer)),
    products: (store) => all(store, ({ products }) => products, showProduct),
    product: (store, id) => one(storeOf(store).products.get(id), (product) => showProduct(storeOf(store), product)),
    orders: (store) => all(store, ({ orders }) => orders, showOrder),
    order: (store, id) => one(storeOf(store).orders.get(id), (order) => showOrder(storeOf(store), order)),
    carts: (store) => all(store, ({ carts }) => carts, showCart),
    notify(store, notices: readonly OrderNotice[]) {
      storeOf(store).notices = new Set(notices);
    },
    abandonCarts: () => remind(account),
  };
}
