/** The "test connection" button: whose account it is, which audience, and what the merchant should know before switching on. */
import { z } from 'zod';
import type { CheckReport } from '../connector.ts';
import { failureOf } from '../failure.ts';
import type { Account, Audience } from './account.ts';
import { unreadable } from './refusals.ts';

const Root = z.looseObject({
  account_name: z.string().catch(''),
  role: z.string().catch(''),
  pricing_plan_type: z.string().catch(''),
  account_timezone: z.string().catch(''),
});

/** An audience that is still to be chosen is a warning: it is chosen from a list that only a connection can show. */
export async function checkAccount(account: Account): Promise<CheckReport> {
  account.client.reset();
  account.forgetAll();
  const ping = await account.client.get(z.looseObject({}), { path: '/ping', label: 'ping' });
  const root = await account.client.get(Root, { path: '/', label: 'read account' });
  if (ping === undefined || root === undefined) throw unreadable('read account');
  const warnings: CheckReport['warnings'][number][] = [];
  const audience = await account.audience().catch((error: unknown) => {
    const failure = failureOf(error);
    if (failure.code !== 'mailchimp.audience-missing') throw failure;
    warnings.push({ code: failure.code, message: failure.message, params: failure.params });
    return undefined;
  });
  if (audience !== undefined) warnings.push(...warningsOf(audience));
  const resting = audience === undefined ? [] : (await account.stores()).filter(({ is_syncing }) => is_syncing);
  if (resting.length > 0) {
    warnings.push({
      code: 'mailchimp.store-syncing',
      message: 'A first import is not finished: until then Mailchimp sends no mails about carts and orders of this store.',
      params: { stores: resting.length },
    });
  }
  return {
    summary: [root.account_name || 'Mailchimp', audience?.name].filter(Boolean).join(', '),
    facts: [
      { label: 'Account', value: root.account_name },
      { label: 'Role', value: root.role },
      { label: 'Plan', value: root.pricing_plan_type },
      { label: 'Audience', value: audience?.name ?? '' },
      { label: 'Members', value: audience === undefined ? '' : String(audience.stats.member_count) },
    ].filter(({ value }) => value !== ''),
    warnings,
  };
}

function warningsOf(audience: Audience): CheckReport['warnings'][number][] {
  return [
    ...(audience.double_optin
      ? [
          {
            code: 'mailchimp.double-opt-in',
            message: 'The audience asks new subscribers to confirm by mail. Only people whose consent is fresh are asked.',
          },
        ]
      : []),
    ...(audience.marketing_permissions
      ? [
          {
            code: 'mailchimp.marketing-permissions',
            message:
              'The audience has marketing permissions of its own. They are left as they are: nobody is written to on the ground of an order.',
          },
        ]
      : []),
  ];
}
