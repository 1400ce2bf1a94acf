/** `/lists` and what lies below, except members. */
import type { Account, Audience, Hook, Json } from './account.ts';
import { createAudience, showAudience } from './audience.ts';
import * as bodies from './bodies.ts';
import { postMany } from './member-writing.ts';
import { showMergeField, tagOf } from './merge-fields.ts';
import { page } from './paging.ts';
import { invalid, notFound, Problem } from './problem.ts';
import { type Call, empty, ok, type Route } from './route.ts';

export function audienceOf(account: Account, id: string | undefined): Audience {
  const audience = account.audiences.get(id ?? '');
  if (audience === undefined) throw notFound();
  return audience;
}
const audienceIn = (call: Call): Audience => audienceOf(call.account, call.at.list);

function audiences({ account, query }: Call): Audience[] {
  const email = query.get('email')?.toLowerCase();
  const attached = query.get('has_ecommerce_store');
  const [since, before] = ['since_date_created', 'before_date_created'].map((name) => Date.parse(query.get(name) ?? ''));
  const all = [...account.audiences.values()].filter((audience) => {
    const created = Date.parse(audience.created);
    const hasStore = [...account.stores.values()].some((store) => store.audienceId === audience.id);
    return (
      (email === undefined || [...audience.members.values()].some((member) => member.email.toLowerCase() === email)) &&
      (attached === null || (attached === 'true') === hasStore) &&
      !(created < (since ?? Number.NaN)) &&
      !(created > (before ?? Number.NaN))
    );
  });
  return query.get('sort_dir') === 'DESC' ? all.reverse() : all;
}

function mergeFieldIn(call: Call) {
  const field = audienceIn(call).mergeFields.get(Number(call.at.merge));
  if (field === undefined) throw notFound();
  return field;
}

const limit = 30;
const mergeFields: Route[] = [
  {
    method: 'GET',
    path: '/lists/:list/merge-fields',
    query: ['type', 'required'],
    answer(call) {
      const audience = audienceIn(call);
      const { query } = call;
      const all = [...audience.mergeFields.values()].filter(
        (field) =>
          (query.get('type') ?? field.type) === field.type && (query.get('required') ?? String(field.required)) === String(field.required),
      );
      const around = { list_id: audience.id, merge_field_limit: limit };
      return ok(page(query, 'merge_fields', all, { show: (field) => showMergeField(audience, field), around }));
    },
  },
  {
    method: 'POST',
    path: '/lists/:list/merge-fields',
    body: bodies.mergeFieldPost,
    answer(call) {
      const audience = audienceIn(call);
      const { body } = call;
      if (audience.mergeFields.size >= limit) throw new Problem(400, 'Invalid Resource', `You may have at most ${limit} merge fields.`);
      const wish = body.tag === undefined ? '' : String(body.tag).toUpperCase();
      if (wish.length > 10) throw invalid({ field: 'tag', message: 'This value is too long. It should have 10 characters or less.' });
      if ([...audience.mergeFields.values()].some((field) => field.tag === wish))
        throw new Problem(400, 'Invalid Resource', `A Merge Field with the tag "${wish}" already exists for this list.`);
      const mergeId = Math.max(0, ...audience.mergeFields.keys()) + 1;
      const field = {
        mergeId,
        tag: tagOf(wish === '' ? String(body.name) : wish, audience),
        name: String(body.name),
        type: String(body.type),
        required: body.required === true,
        defaultValue: String(body.default_value ?? ''),
        public: body.public === true,
        displayOrder: Number(body.display_order ?? mergeId + 1),
        options: { ...(body.type === 'text' && { size: 25 }), ...(body.options as Json | undefined) },
        helpText: String(body.help_text ?? ''),
      };
      audience.mergeFields.set(mergeId, field);
      return ok(showMergeField(audience, field));
    },
  },
  { method: 'GET', path: '/lists/:list/merge-fields/:merge', answer: (call) => ok(showMergeField(audienceIn(call), mergeFieldIn(call))) },
  {
    method: 'PATCH',
    path: '/lists/:list/merge-fields/:merge',
    body: bodies.mergeFieldPatch,
    answer(call) {
      const field = mergeFieldIn(call);
      const { body } = call;
      if (body.tag !== undefined) field.tag = String(body.tag).toUpperCase();
      field.name = String(body.name);
      if (body.required !== undefined) field.required = body.required === true;
      if (body.default_value !== undefined) field.defaultValue = String(body.default_value);
      if (body.public !== undefined) field.public = body.public === true;
      if (body.display_order !== undefined) field.displayOrder = Number(body.display_order);
      if (body.help_text !== undefined) field.helpText = String(body.help_text);
      field.options = { ...field.options, ...(body.options as Json | undefined) };
      return ok(showMergeField(audienceIn(call), field));
    },
  },
  {
    method: 'DELETE',
    path: '/lists/:list/merge-fields/:merge',
    answer(call) {
      const { mergeId, tag } = mergeFieldIn(call);
      const audience = audienceIn(call);
      audience.mergeFields.delete(mergeId);
      for (const member of audience.members.values()) member.mergeFields.delete(tag);
      return empty;
    },
  },
];

function hookIn(call: Call): Hook {
  const hook = audienceIn(call).hooks.get(call.at.hook ?? '');
  if (hook === undefined) throw notFound();
  return hook;
}

const showHook = (audience: Audience, hook: Hook): Json => ({
  id: hook.id,
  url: hook.url,
  events: hook.events,
  sources: hook.sources,
  list_id: audience.id,
  _links: [],
});

/** Mailchimp looks whether somebody is there before it keeps an address. */
async function checkHookUrl(audience: Audience, url: unknown, own?: Hook): Promise<string> {
  const wrong = (message: string) => invalid({ field: 'url', message });
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) throw wrong('This value is not a valid URL.');
  if ([...audience.hooks.values()].some((hook) => hook !== own && hook.url === url))
    throw wrong("Sorry, you can't set up multiple WebHooks for one URL");
  const status = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => undefined,
  );
  if (status !== 200) throw wrong(`We couldn't reach the URL you provided: ${status ?? 'no answer'}.`);
  return url;
}

const noEvents = { subscribe: false, unsubscribe: false, profile: false, cleaned: false, upemail: false, campaign: false };
const noSources = { user: false, admin: false, api: false };
const webhooks: Route[] = [
  {
    method: 'GET',
    path: '/lists/:list/webhooks',
    answer(call) {
      const audience = audienceIn(call);
      const all = new URLSearchParams({ count: '1000' });
      return ok(
        page(all, 'webhooks', audience.hooks, { show: (hook: Hook) => showHook(audience, hook), around: { list_id: audience.id } }),
      );
    },
  },
  {
    method: 'POST',
    path: '/lists/:list/webhooks',
    body: bodies.webhook,
    async answer(call) {
      const { account, body } = call;
      const audience = audienceIn(call);
      const hook: Hook = {
        id: account.random.hex(10),
        url: await checkHookUrl(audience, body.url),
        events: { ...noEvents, ...(body.events as Record<string, boolean> | undefined) },
        sources: { ...noSources, ...(body.sources as Record<string, boolean> | undefined) },
        secret: account.behaviour.signedWebhooks ? `whsec_${account.random.hex(32)}` : undefined,
      };
      audience.hooks.set(hook.id, hook);
      return ok({ ...showHook(audience, hook), ...(hook.secret !== undefined && { signing_secret: hook.secret }) });
    },
  },
  { method: 'GET', path: '/lists/:list/webhooks/:hook', answer: (call) => ok(showHook(audienceIn(call), hookIn(call))) },
  {
    method: 'PATCH',
    path: '/lists/:list/webhooks/:hook',
    body: bodies.webhook,
    async answer(call) {
      const hook = hookIn(call);
      const { body } = call;
      if (body.url !== undefined) hook.url = await checkHookUrl(audienceIn(call), body.url, hook);
      hook.events = { ...hook.events, ...(body.events as Record<string, boolean> | undefined) };
      hook.sources = { ...hook.sources, ...(body.sources as Record<string, boolean> | undefined) };
      return ok(showHook(audienceIn(call), hook));
    },
  },
  {
    method: 'DELETE',
    path: '/lists/:list/webhooks/:hook',
    answer(call) {
      audienceIn(call).hooks.delete(hookIn(call).id);
      return empty;
    },
  },
];

export const listRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/lists',
    query: [
      'before_date_created',
      'since_date_created',
      'email',
      'sort_field',
      'sort_dir',
      'has_ecommerce_store',
      'include_total_contacts',
    ],
    answer: (call) =>
      ok(
        page(call.query, 'lists', audiences(call), {
          show: showAudience,
          around: { constraints: { may_create: true, max_instances: 100, current_total_instances: call.account.audiences.size } },
        }),
      ),
  },
  {
    method: 'POST',
    path: '/lists',
    body: bodies.audiencePost,
    answer({ account, body }) {
      const { name, double_optin, marketing_permissions, ...facts } = body;
      const audience = createAudience(account, {
        name: String(name),
        doubleOptin: double_optin === true,
        marketingPermissions: marketing_permissions === true ? ['Email'] : [],
        welcome: false,
        facts,
      });
      return ok(showAudience(audience));
    },
  },
  { method: 'GET', path: '/lists/:list', query: ['include_total_contacts'], answer: (call) => ok(showAudience(audienceIn(call))) },
  {
    method: 'POST',
    path: '/lists/:list',
    body: bodies.membersPost,
    query: ['skip_merge_validation', 'skip_duplicate_check'],
    answer(call) {
      const flags = {
        skipMergeValidation: call.query.get('skip_merge_validation') === 'true',
        skipDuplicates: call.query.get('skip_duplicate_check') === 'true',
      };
      return ok(postMany({ account: call.account, audience: audienceIn(call), source: 'api' }, call.body, flags));
    },
  },
  {
    method: 'DELETE',
    path: '/lists/:list',
    answer(call) {
      call.account.audiences.delete(audienceIn(call).id);
      return empty;
    },
  },
  {
    method: 'GET',
    path: '/lists/:list/tag-search',
    query: ['name'],
    answer(call) {
      const { tagIds } = audienceIn(call);
      const wanted = (call.query.get('name') ?? '').toLowerCase();
      const tags = [...tagIds].flatMap(([name, id]) => (name.toLowerCase().startsWith(wanted) ? [{ id, name }] : []));
      return ok({ tags, total_items: tags.length, _links: [] });
    },
  },
  ...mergeFields,
  ...webhooks,
];
