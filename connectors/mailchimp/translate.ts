/** Members into canonical customers and permissions, customers into what members hold. Pure. */
import { Address, type Consent, Customer, type Permission } from '../commerce.ts';
import type { Member } from './members.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '');

function instant(value: string): string | undefined {
  const at = Date.parse(value);
  return value === '' || Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** `undefined`: transactional members were never asked, and an archived one is nobody's word. */
export function permissionOf(member: Member): Permission | undefined {
  const at = instant(member.status === 'subscribed' ? member.timestamp_opt || member.timestamp_signup : member.last_changed);
  switch (member.status) {
    case 'subscribed':
    case 'pending':
    case 'unsubscribed':
    case 'cleaned':
      return { state: member.status, ...(at !== undefined && { at }), source: 'Mailchimp' };
    default:
      return undefined;
  }
}

export function consentOf(member: Member): Consent | undefined {
  const permission = permissionOf(member);
  return permission && { id: member.id, email: member.email_address, ...permission };
}

/** The usual merge fields; others are the merchant's own and mean what only he knows. */
export function customerOf(member: Member): Customer {
  const field = (tag: string): string => text(member.merge_fields[tag]);
  const permission = permissionOf(member);
  const updatedAt = instant(member.last_changed);
  const company = field('COMPANY');
  const phone = field('PHONE');
  const address = addressOf(member);
  return Customer.parse({
    id: member.id,
    email: member.email_address,
    firstName: field('FNAME'),
    lastName: field('LNAME'),
    ...(company !== '' && { company }),
    ...(phone !== '' && { phone }),
    ...(member.language !== '' && { language: member.language }),
    ...(address && { billing: address }),
    ...(permission && { permission }),
    ...(member.tags.length > 0 && { tags: member.tags.map(({ name }) => name) }),
    ...(member.status === 'archived' && { deleted: true }),
    ...(updatedAt !== undefined && { updatedAt }),
  });
}

function addressOf(member: Member): Address | undefined {
  const value = member.merge_fields.ADDRESS;
  if (typeof value !== 'object' || value === null) return undefined;
  const { addr1, addr2, city, state, zip, country } = value as Record<string, unknown>;
  if (text(addr1) === '' && text(city) === '') return undefined;
  const code = text(country).toUpperCase();
  const region = text(state);
  return Address.parse({
    firstName: text(member.merge_fields.FNAME),
    lastName: text(member.merge_fields.LNAME),
    street: text(addr1),
    additional: text(addr2) === '' ? [] : [text(addr2)],
    postalCode: text(zip),
    city: text(city),
    ...(region !== '' && region !== '-' && { state: region }),
    ...(code.length === 2 && { country: code }),
  });
}

/** An address merge field takes nothing incomplete (Marketing API 3.0, merge fields); a country without states gets a dash. */
export function mergeAddress(customer: Customer): Record<string, string> | undefined {
  const address = customer.billing ?? customer.shipping;
  if (!address?.street || !address.city || !address.postalCode || !address.country) return undefined;
  return {
    addr1: address.street,
    addr2: address.additional.join(', '),
    city: address.city,
    state: address.state || '-',
    zip: address.postalCode,
    country: address.country,
  };
}

/** Mailchimp's codes: two small letters, but for a few variants that it tells apart (pt_PT, es_ES, fr_CA). */
export function languageOf(language: string | undefined): string | undefined {
  const [, main = '', region = ''] = /^([a-z]{2})(?:[-_]([a-z]{2}))?\b/i.exec(language ?? '') ?? [];
  if (main === '') return undefined;
  const whole = `${main.toLowerCase()}_${region.toUpperCase()}`;
  return ['pt_PT', 'es_ES', 'fr_CA'].includes(whole) ? whole : main.toLowerCase();
}

/** What Mailchimp takes as an address. Malformed ones may answer 500 there, so they are refused here. */
export function plausibleEmail(email: string | undefined): string | undefined {
  const address = email?.trim() ?? '';
  return address.length <= 254 &&
    /^[^\s@,;:<>()[\]\\"]+@[^\s@,;:<>()[\]\\"]+\.[^\s@,;:<>()[\]\\".]{2,}$/.test(address) &&
    !/\.\.|\.@|@\./.test(address)
    ? address
    : undefined;
}
