/** Who am I there, what may I do: the test of the connection. */
import { z } from 'zod';
import type { CheckReport } from '../../connector.ts';
import { unreadable } from './faults.ts';
import { firstPage } from './listing.ts';
import type { Shop } from './shop.ts';
import { LanguageRow } from './wire.ts';

const Account = z.looseObject({ account: z.looseObject({ id: z.unknown() }) });
const Right = z.looseObject({ read: z.unknown(), write: z.unknown() });
const Permissions = z.looseObject({ accountPermissions: z.record(z.string(), Right.or(z.unknown())) });

/** What each flow needs; the rest of the rights is nobody's business. */
const needed = [
  ['orders', 'read'],
  ['products', 'read'],
  ['products', 'write'],
  ['customers', 'read'],
  ['customers', 'write'],
] as const;

const words: Readonly<Record<string, string>> = { orders: 'orders', products: 'products', customers: 'customers' };

export async function checkShop(shop: Shop): Promise<CheckReport> {
  const api = shop.live;
  const label = 'read the account';
  if (!Account.safeParse(await api.call({ path: 'account', label })).success) throw unreadable(label);
  const permissions = Permissions.safeParse(await api.call({ path: 'account/permissions', label: 'read the permissions of the key' }));
  const facts = await shop.facts();
  const languages = (await firstPage(api, { path: 'languages', row: LanguageRow, label: 'list languages' })).filter(
    ({ code }) => code !== '',
  );
  const left = api.left();
  return {
    summary: `${facts.title}, Lightspeed eCom (C-Series)`,
    facts: [
      { label: 'Shop', value: facts.title },
      ...(facts.mainDomain === '' ? [] : [{ label: 'Domain', value: facts.mainDomain }]),
      { label: 'Currency', value: facts.currency },
      { label: 'Language', value: shop.language },
      ...(languages.length === 0 ? [] : [{ label: 'Languages', value: languages.map(({ code }) => code).join(', ') }]),
      ...(left?.[2] === undefined ? [] : [{ label: 'Requests left today', value: String(left[2]) }]),
    ],
    warnings: permissions.success
      ? needed
          .filter(([area, right]) => lacks(permissions.data.accountPermissions[area], right))
          .map(([area, right]) => ({
            code: 'lightspeed.permission-missing',
            message: `The API key may not ${right} ${words[area]}. Flows that need it stand still; change the key in the back office under Settings, Developers.`,
            params: { area, right },
          }))
      : [],
  };
}

/** A right that the answer does not name is not missed. */
function lacks(rights: unknown, right: 'read' | 'write'): boolean {
  const told = Right.safeParse(rights);
  return told.success && (told.data[right] === false || told.data[right] === 0 || told.data[right] === 'false');
}
