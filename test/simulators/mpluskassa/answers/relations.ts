import { tillTime } from '../clock.ts';
import { ClientFault } from '../faults.ts';
import { type Fields, flagOf, inside, numberOf, numbersOf, textOf } from '../fields.ts';
import { nextMarker, type Till, type TillRelation } from '../till.ts';

function now(): Fields {
  return tillTime(Date.now());
}

function withMarker(till: Till, relation: TillRelation): Fields {
  till.relations.set(relation.relationNumber, relation);
  return { changeTimestamp: now(), syncMarker: relation.syncMarker };
}

function freeNumber(till: Till): number {
  do till.numbers.relation += 1;
  while (till.relations.has(till.numbers.relation));
  return till.numbers.relation;
}

/** Stores a relation; the number is assigned unless one is given. A relation without a name is refused. */
export function createRelation(till: Till, input: Fields): Fields {
  const sent = inside(input, 'relation');
  const failed = (result: string, errorMessage: string): Fields => ({
    result: `CREATE-RELATION-RESULT-${result}`,
    relationNumber: 0,
    errorMessage,
  });
  const name = textOf(sent, 'name');
  if (name.trim() === '') return failed('FAILED', 'Naam van de relatie ontbreekt (name is required).');
  const wished = numberOf(sent, 'relationNumber') ?? 0;
  if (till.relations.has(wished)) return failed('FAILED-RELATION-NUMBER-ALREADY-TAKEN', `Relatienummer ${wished} bestaat al.`);
  const relationNumber = wished > 0 ? wished : freeNumber(till);
  const relation: TillRelation = {
    active: true,
    ...sent,
    relationNumber,
    name,
    createTimestamp: now(),
    changeTimestamp: now(),
    syncMarker: nextMarker(till, 'relation'),
  };
  return { result: 'CREATE-RELATION-RESULT-OK', relationNumber, ...withMarker(till, relation), errorMessage: '' };
}

/** Changes the fields that were sent; the others stay. */
export function updateRelation(till: Till, input: Fields): Fields {
  const sent = inside(input, 'relation');
  const known = till.relations.get(numberOf(sent, 'relationNumber') ?? 0);
  if (known === undefined)
    return { result: 'UPDATE-RELATION-RESULT-NOT-FOUND', errorMessage: 'Relatie niet gevonden (relation not found).' };
  const { createTimestamp, relationNumber } = known;
  const name = textOf(sent, 'name') || known.name;
  const relation: TillRelation = {
    ...known,
    ...sent,
    name,
    relationNumber,
    createTimestamp,
    changeTimestamp: now(),
    syncMarker: nextMarker(till, 'relation'),
  };
  return { result: 'UPDATE-RELATION-RESULT-OK', errorMessage: '', ...withMarker(till, relation) };
}

export function getRelation(till: Till, input: Fields): Fields {
  const relation = till.relations.get(numberOf(input, 'relationNumber') ?? 0);
  if (relation === undefined) return { result: 'GET-RELATION-RESULT-NOT-FOUND' };
  return { result: 'GET-RELATION-RESULT-OK', relation };
}

/** The fields that findRelation looks at. */
const SEARCHED = [
  'extRelationId',
  'name',
  'address',
  'zipcode',
  'city',
  'country',
  'deliveryAddress',
  'deliveryZipcode',
  'deliveryCity',
  'deliveryCountry',
  'contact',
  'telephone',
  'mobile',
  'email',
  'website',
  'relationCode',
  'cardNumber',
  'bankAccountNumber',
  'vatNumber',
  'companyName',
];

type Match = (kept: string, sought: string) => boolean;
const partly: Match = (kept, sought) => kept.includes(sought);
const wholly: Match = (kept, sought) => kept === sought;

/** The first relation, by number, that matches on all given fields, whatever the case of the letters. */
function find(till: Till, sought: Fields, match: Match): Fields {
  if (sought.relationNumber !== undefined)
    throw new ClientFault('Do not use relationNumber when trying to find a relation. Use getRelation instead.');
  const given = SEARCHED.filter((name) => textOf(sought, name) !== '').map((name) => [name, textOf(sought, name).toLowerCase()] as const);
  if (given.length === 0) return { result: 'FIND-RELATION-RESULT-NOT-FOUND' };
  let first: TillRelation | undefined;
  for (const relation of till.relations.values()) {
    if (first !== undefined && relation.relationNumber > first.relationNumber) continue;
    if (given.every(([name, value]) => match(textOf(relation, name).toLowerCase(), value))) first = relation;
  }
  return first === undefined ? { result: 'FIND-RELATION-RESULT-NOT-FOUND' } : { result: 'FIND-RELATION-RESULT-OK', relation: first };
}

export function findRelation(till: Till, input: Fields): Fields {
  return find(till, inside(input, 'relation'), partly);
}

export function findRelationV2(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  return find(till, inside(request, 'relation'), flagOf(request, 'exactMatch') ? wholly : partly);
}

/** At most 1000 per call, lowest marker first. */
export function getRelations(till: Till, input: Fields): Fields {
  const request = inside(input, 'request');
  const wanted = new Set(numbersOf(request, 'relationNumbers'));
  const since = numberOf(request, 'syncMarker') ?? 0;
  const limit = Math.min(numberOf(request, 'syncMarkerLimit') || 1000, 1000);
  const found = [...till.relations.values()].filter(
    (each) => (wanted.size === 0 || wanted.has(each.relationNumber)) && each.syncMarker >= since,
  );
  return { relationList: { relation: found.sort((a, b) => a.syncMarker - b.syncMarker).slice(0, limit) } };
}
