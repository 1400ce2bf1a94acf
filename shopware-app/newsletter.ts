/** What people said about being written to: the recipients of the shop's newsletter, who are known by their address. */
import type { Consent, Permission } from '../connectors/commerce.ts';
import { Failure } from '../connectors/failure.ts';
import type { AdminApi } from './client.ts';
import { type CustomerRow, RecipientRow } from './rows.ts';

/** The merchant may accept the permission at any time; nobody tells us for sure. */
const closedMs = 30 * 60_000;
const atOnce = 100;

export interface Newsletter {
  /** By address, for many customers in one search; says nothing of anybody while the app may not read recipients. */
  permissions(customers: readonly CustomerRow[]): Promise<(customer: CustomerRow) => Permission | undefined>;
  /** All recipients with these addresses, in whichever case. Throws wait while the app may not read them. */
  recipients(emails: readonly string[]): Promise<readonly RecipientRow[]>;
}

export function openNewsletter(api: AdminApi, now: () => Date): Newsletter {
  let closedUntilMs = 0;

  async function recipients(emails: readonly string[]): Promise<RecipientRow[]> {
    const wanted = [...new Set(emails.map(emailKey))].filter((email) => email !== '');
    const rows: RecipientRow[] = [];
    for (let from = 0; from < wanted.length; from += atOnce) {
      const found = await whenOpen('wait', () =>
        api.all('newsletter-recipient', {
          // The database compares addresses without regard to case.
          filter: [{ type: 'equalsAny', field: 'email', value: wanted.slice(from, from + atOnce) }],
          sort: [{ field: 'id', order: 'ASC' }],
          includes: { newsletter_recipient: Object.keys(RecipientRow.shape) },
        }),
      );
      rows.push(...found.flatMap((row) => RecipientRow.safeParse(row).data ?? []));
    }
    return rows;
  }

  return {
    recipients,
    async permissions(customers) {
      const emails = customers.flatMap(({ email }) => email ?? []);
      if (emails.length === 0 || now().getTime() < closedUntilMs) return () => undefined;
      const byEmail = new Map<string, RecipientRow[]>();
      try {
        for (const row of await recipients(emails)) byEmail.set(emailKey(row.email), [...(byEmail.get(emailKey(row.email)) ?? []), row]);
      } catch (error) {
        if (!isClosed(error)) throw error;
        closedUntilMs = now().getTime() + closedMs;
      }
      return ({ email, salesChannelId }) => {
        const rows = byEmail.get(emailKey(email ?? '')) ?? [];
        const own = rows.filter((row) => row.salesChannelId === salesChannelId);
        const [latest] = [...(own.length > 0 ? own : rows)].sort((one, other) => lastMs(other) - lastMs(one));
        return latest && permissionOf(latest);
      };
    },
  };
}

const emailKey = (email: string): string => email.trim().toLowerCase();
const lastMs = ({ updatedAt, confirmedAt, createdAt }: RecipientRow): number =>
  Date.parse(updatedAt ?? confirmedAt ?? createdAt ?? '') || 0;

const states: Readonly<Record<string, Permission['state']>> = {
  optIn: 'subscribed',
  direct: 'subscribed',
  notSet: 'pending',
  optOut: 'unsubscribed',
};

/** The proof of a yes is when it was confirmed, and a no bears the time of the last change. `undefined` for a state that Shopware itself does not have. */
function permissionOf({ status, confirmedAt, updatedAt, createdAt }: RecipientRow): Permission | undefined {
  const state = Object.hasOwn(states, status ?? '') ? states[status ?? ''] : undefined;
  if (state === undefined) return undefined;
  const at = state === 'subscribed' ? confirmedAt : state === 'pending' ? createdAt : (updatedAt ?? createdAt);
  return { state, source: 'newsletter form', ...(at && { at: new Date(at).toISOString() }) };
}

export function consentOf(row: RecipientRow): Consent | undefined {
  const permission = permissionOf(row);
  return permission && { id: row.id, email: row.email, ...permission };
}

export const closedCode = 'shopware.newsletter-closed';
export const isClosed = (error: unknown): boolean => error instanceof Failure && error.code === closedCode;

/** A missing right to the newsletter concerns the newsletter: the connection goes on. `wait` for what is read, `fix-data` for what is written. */
export async function whenOpen<T>(remedy: 'wait' | 'fix-data', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw openOr(remedy, error);
  }
}

export function openOr(remedy: 'wait' | 'fix-data', error: unknown): unknown {
  if (!(error instanceof Failure) || error.code !== 'shopware.missing-privileges') return error;
  const { host = '', privileges = '' } = error.params;
  return new Failure({
    remedy,
    code: closedCode,
    message: `Tillbridge may not ${remedy === 'wait' ? 'read' : 'change'} who gets the newsletter in ${host} (${privileges}). Accept the permissions of the app in Shopware, or update the app; everything else goes on.`,
    params: { host, privileges },
    ...(remedy === 'wait' && { waitMs: closedMs }),
    cause: error,
  });
}
