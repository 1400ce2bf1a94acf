import { describe, expect, it } from 'vitest';
import { causes as ownCauses } from '../../app-server/screens/src/texts/causes-en.ts';
import { connectors } from '../../app-server/screens/src/texts/connectors-en.ts';
import { en } from '../../app-server/screens/src/texts/en.ts';
import { fields } from '../../app-server/screens/src/texts/fields-en.ts';
import { type Reported, readReports } from './reported-codes.ts';

const reports = readReports();
const causes = { ...ownCauses, ...connectors };

/** Codes that no merchant sees, each with the reason. */
const withoutText: Readonly<Record<string, string>> = {
  'till.step-unknown': 'a plan is carried out by the connector that made it',
  'till.plan-without-order': 'a plan is carried out by the connector that made it',
  'lightspeed.step-unknown': 'a plan is carried out by the connector that made it',
  'till.kind-unsupported': 'only kinds that a connector names get a flow',
  'mailchimp.kind-unsupported': 'only kinds that a connector names get a flow',
  'lightspeed.kind-unsupported': 'only kinds that a connector names get a flow',
  'shop.kind-unknown': 'only kinds that a connector names get a flow',
  'shop.not-writable': 'only kinds that a connector names get a flow',
  'shopware.not-readable': 'only kinds that a connector names get a flow',
  'shopware.not-writable': 'only kinds that a connector names get a flow',
  'till.vocabulary-unknown': 'forms ask only for lists that the connector names',
  'mailchimp.vocabulary-unknown': 'forms ask only for lists that the connector names',
  'lightspeed.list-unknown': 'forms ask only for lists that the connector names',
  'shop.unknown-list': 'forms ask only for lists that the connector names',
  'shopware.unknown-list': 'forms ask only for lists that the connector names',
  'lightspeed.grant-refused': 'becomes lightspeed.reconnect or lightspeed.code-refused before it leaves the connector',
  'malformed-json': 'the screens send JSON',
  'malformed-request': 'the screens send what can be read',
  'wrong-content-type': 'the screens send JSON',
  'ticket-invalid': 'the screens say screens.session-ended',
  'ticket-expired': 'the screens say screens.session-ended',
};

describe('whatever the server reports by code', () => {
  it('is found in the source of every part', () => {
    const rooms = new Set(reports.causes.map(({ code }) => code.split('.')[0]));
    for (const room of ['till', 'shop', 'shopware', 'lightspeed', 'mailchimp', 'network', 'mapping', 'connection']) {
      expect(rooms, room).toContain(room);
    }
    // Handed through a constant, a default, an argument.
    const codes = new Set(reports.causes.map(({ code }) => code));
    for (const code of ['shopware.newsletter-closed', 'till.refused', 'till.payment-refused', 'lightspeed.register-missing', 'two-masters'])
      expect(codes, code).toContain(code);
    expect(new Set(reports.notes.map(({ code }) => code))).toContain('vat-method');
    const reasons = new Set(reports.reasons.map(({ code }) => code));
    for (const reason of ['refunded', 'guest', 'money-given-back', 'kept']) expect(reasons, reason).toContain(reason);
  });

  it('has a sentence for every cause', () => {
    expect(silent(reports.causes, ({ code }) => code in withoutText || textAt(causes, code) !== undefined)).toEqual([]);
  });

  it('has a sentence for every note and every warning', () => {
    expect(silent(reports.notes, ({ code }) => noteText(code) !== undefined)).toEqual([]);
  });

  it('has a sentence for every reason to leave something out', () => {
    expect(silent(reports.reasons, ({ code }) => code in en.reasons)).toEqual([]);
  });

  it('has a word for what every step of a plan is about', () => {
    expect(silent(reports.subjects, ({ code }) => code.replaceAll(' ', '-') in en.subjects)).toEqual([]);
  });

  it('has a heading for every group of questions', () => {
    expect(silent(reports.groups, ({ code }) => code in en.groups)).toEqual([]);
  });

  it('has a name for every part of a field that can change', () => {
    const settings = /^(settings|policy|policies)\b/;
    expect(silent(reports.fields, ({ code }) => settings.test(code) || partsOf(code).every((part) => part in fields.parts))).toEqual([]);
  });

  it('names in its sentences only values that are always reported with the code', () => {
    const holes = (found: readonly Reported[], text: (code: string) => string | undefined) =>
      found.flatMap(({ code, at, params }) => {
        const missing = placeholders(text(code) ?? '').filter((name) => params && !params.includes(name));
        return missing.length > 0 ? [`${code} without ${missing.join(', ')} (${at})`] : [];
      });
    expect(holes(reports.causes, (code) => textAt(causes, code))).toEqual([]);
    expect(holes(reports.notes, noteText)).toEqual([]);
  });

  it('keeps no exception for a code that is gone or has its sentence', () => {
    const reported = new Set(reports.causes.map(({ code }) => code));
    expect(Object.keys(withoutText).filter((code) => !reported.has(code) || textAt(causes, code) !== undefined)).toEqual([]);
  });
});

function silent(found: readonly Reported[], speaks: (one: Reported) => boolean): string[] {
  return [...new Set(found.filter((one) => !speaks(one)).map(({ code, at }) => `${code} (${at})`))].sort();
}

function textAt(tree: object, code: string): string | undefined {
  let at: unknown = tree;
  for (const key of code.split('.')) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  return typeof at === 'string' ? at : undefined;
}

/** A warning of the test of a connection is often a cause at other times. */
function noteText(code: string): string | undefined {
  return textAt(en.notes, code) ?? textAt(causes, code);
}

/** `lines[].taxId`, `variant:*.price`, `tags.*`: the parts that are words. */
function partsOf(path: string): string[] {
  return path
    .replace(/^[^.]*\*[^.]*\./, '')
    .split('.')
    .map((part) => part.replace(/\[.*\]|[*:].*$/g, ''))
    .filter((part) => part !== '' && part !== 'id');
}

const placeholders = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
