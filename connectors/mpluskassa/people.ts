/** Relations by their number: whom an order is for. What was just seen is not asked for again. */
import type { Customer } from '../commerce.ts';
import type { Relation } from './answers.ts';
import { countryCode } from './country.ts';
import type { Till } from './till.ts';

/** Long enough for the steps of one order, short enough that a changed address counts with the next. */
const lifeMs = 60_000;
const mostAtOnce = 500;
const mostKept = 5_000;

const kept = new WeakMap<Till, Map<number, { readonly at: number; readonly relation: Relation }>>();

function memoryOf(till: Till): Map<number, { readonly at: number; readonly relation: Relation }> {
  const known = kept.get(till) ?? new Map();
  kept.set(till, known);
  return known;
}

export function remember(till: Till, relation: Relation): void {
  const memory = memoryOf(till);
  if (memory.size >= mostKept) memory.clear();
  memory.set(relation.relationNumber, { at: till.now().getTime(), relation });
}

/** It was changed: the next who asks sees it as it stands. */
export function forget(till: Till, relationNumber: number): void {
  memoryOf(till).delete(relationNumber);
}

/** One call per 500 numbers that were not seen within the last minute; `fresh`: that are wanted as they stand now. */
export async function relationsOf(
  till: Till,
  numbers: readonly number[],
  { fresh = false }: { fresh?: boolean } = {},
): Promise<ReadonlyMap<number, Relation>> {
  const memory = memoryOf(till);
  const oldest = fresh ? Number.POSITIVE_INFINITY : till.now().getTime() - lifeMs;
  const found = new Map<number, Relation>();
  const unknown: number[] = [];
  for (const number of new Set(numbers)) {
    if (number <= 0) continue;
    const seen = memory.get(number);
    if (seen && seen.at >= oldest) found.set(number, seen.relation);
    else unknown.push(number);
  }
  for (let from = 0; from < unknown.length; from += mostAtOnce) {
    const request = { relationNumbers: unknown.slice(from, from + mostAtOnce) };
    for (const relation of (await till.client.call('getRelations', { request })).relationList) {
      found.set(relation.relationNumber, relation);
      remember(till, relation);
    }
  }
  return found;
}

/** The till has one text for a person's name: what stands before the first space counts as the first name. A relation with a contact is a company. */
export function customerOf(relation: Relation): Customer {
  const company = relation.companyName || (relation.contact === '' ? '' : relation.name);
  const person = company === '' ? relation.name : relation.contact;
  const { firstName, lastName } = nameParts(person);
  const country = countryCode(relation.country);
  const deliveryCountry = countryCode(relation.deliveryCountry);
  const people = { firstName, lastName, additional: [], ...(company !== '' && { company }) };
  const phone = relation.telephone || relation.mobile;
  return {
    id: String(relation.relationNumber),
    number: String(relation.relationNumber),
    firstName,
    lastName,
    guest: false,
    vatIds: relation.vatNumber === '' ? [] : [relation.vatNumber],
    ...(relation.email.trim() !== '' && { email: relation.email.trim() }),
    ...(company !== '' && { company }),
    ...(phone !== '' && { phone }),
    ...(relation.active === false && { deleted: true }),
    ...(someOf(relation.address, relation.zipcode, relation.city) && {
      billing: {
        ...people,
        street: relation.address,
        postalCode: relation.zipcode,
        city: relation.city,
        ...(country !== undefined && { country }),
        ...(phone !== '' && { phone }),
      },
    }),
    ...(someOf(relation.deliveryAddress, relation.deliveryZipcode, relation.deliveryCity) && {
      shipping: {
        ...people,
        street: relation.deliveryAddress,
        postalCode: relation.deliveryZipcode,
        city: relation.deliveryCity,
        ...(deliveryCountry !== undefined && { country: deliveryCountry }),
      },
    }),
  };
}

const someOf = (...texts: readonly string[]): boolean => texts.some((text) => text.trim() !== '');

function nameParts(name: string): { firstName: string; lastName: string } {
  const [, firstName = '', lastName = ''] = /^(\S+)\s+(.+)$/.exec(name.trim()) ?? ['', '', name.trim()];
  return { firstName, lastName };
}
