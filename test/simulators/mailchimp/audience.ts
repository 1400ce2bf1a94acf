/** Audiences: made, and shown with their figures. */
import { type Account, type Audience, type Json, type MergeField, stamp } from './account.ts';
import { standardMergeFields } from './merge-fields.ts';
import type { AudienceWish } from './surface.ts';

const everywhere: Json = {
  contact: {
    company: 'Koffie & Co',
    address1: 'Dam 1',
    address2: '',
    city: 'Amsterdam',
    state: 'NH',
    zip: '1012 JS',
    country: 'NL',
    phone: '',
  },
  permission_reminder: 'You are a customer of our shop.',
  use_archive_bar: true,
  campaign_defaults: { from_name: 'Koffie & Co', from_email: 'shop@example.nl', subject: '', language: 'nl' },
  notify_on_subscribe: '',
  notify_on_unsubscribe: '',
  email_type_option: false,
};

export function createAudience(account: Account, wish: AudienceWish & { readonly facts?: Json } = {}): Audience {
  const { random } = account;
  const audience: Audience = {
    id: random.hex(10),
    webId: random.int(100_000, 999_999),
    created: stamp(account.now()),
    facts: { ...everywhere, name: wish.name ?? 'Customers', ...wish.facts },
    doubleOptin: wish.doubleOptin ?? false,
    welcome: wish.welcome ?? true,
    permissions: new Map((wish.marketingPermissions ?? []).map((text) => [random.hex(10), text])),
    interests: new Set(wish.interests),
    automationTags: new Set(wish.automationTags),
    members: new Map(),
    byContactId: new Map(),
    forgotten: new Set(),
    tagIds: new Map(),
    mergeFields: standardMergeFields() as Map<number, MergeField>,
    hooks: new Map(),
  };
  account.audiences.set(audience.id, audience);
  return audience;
}

function figures(audience: Audience): Json {
  const counts = { subscribed: 0, unsubscribed: 0, cleaned: 0, pending: 0, transactional: 0, archived: 0 };
  for (const member of audience.members.values()) counts[member.status] += 1;
  return {
    member_count: counts.subscribed,
    total_contacts: audience.members.size - counts.archived,
    unsubscribe_count: counts.unsubscribed,
    cleaned_count: counts.cleaned,
    member_count_since_send: counts.subscribed,
    unsubscribe_count_since_send: counts.unsubscribed,
    cleaned_count_since_send: counts.cleaned,
    campaign_count: 0,
    campaign_last_sent: '',
    merge_field_count: audience.mergeFields.size,
    avg_sub_rate: 0,
    avg_unsub_rate: 0,
    target_sub_rate: 0,
    open_rate: 0,
    click_rate: 0,
    last_sub_date: '',
    last_unsub_date: '',
  };
}

export const showAudience = (audience: Audience): Json => ({
  id: audience.id,
  web_id: audience.webId,
  ...audience.facts,
  date_created: audience.created,
  list_rating: 0,
  subscribe_url_short: `http://eepurl.invalid/${audience.id}`,
  subscribe_url_long: `https://subscribe.invalid/subscribe?id=${audience.id}`,
  beamer_address: `us19-${audience.id}@inbound.invalid`,
  visibility: 'prv',
  double_optin: audience.doubleOptin,
  has_welcome: audience.welcome,
  marketing_permissions: audience.permissions.size > 0,
  modules: [],
  stats: figures(audience),
  _links: [],
});
