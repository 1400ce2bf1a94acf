import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FormField } from '../../app-server/http/api.ts';
import { formOf, secretFieldsOf } from '../../app-server/http/forms.ts';

const text = (en: string) => ({ en, de: `${en} (de)`, nl: `${en} (nl)` });

const settings = z.object({
  host: z
    .string()
    .trim()
    .min(1)
    .meta({ label: text('Address'), placeholder: 'api.example.com', group: 'server' }),
  port: z
    .int()
    .min(1)
    .max(65535)
    .default(443)
    .meta({ label: text('Port'), advanced: true }),
  anyNumber: z
    .int()
    .optional()
    .meta({ label: text('Any') }),
  positive: z
    .int()
    .positive()
    .optional()
    .meta({ label: text('Positive') }),
  secret: z
    .string()
    .min(1)
    .meta({ label: text('Secret'), help: text('From the till'), secret: true }),
  document: z
    .enum(['order', 'invoice'])
    .meta({ label: text('Document'), options: { order: text('Order') } })
    .default('order'),
  scheme: z
    .union([z.literal('http'), z.literal('https')])
    .default('https')
    .meta({ label: text('Scheme') }),
  verify: z
    .boolean()
    .default(true)
    .meta({ label: text('Verify') }),
  branch: z.coerce
    .number()
    .int()
    .optional()
    .meta({ label: text('Branch'), vocabulary: 'branches' }),
});
const form = formOf(settings);
const field = (name: string) => form.find((candidate) => candidate.name === name);

describe('the form of a connector', () => {
  it('shows every setting in its order, as the screens expect it', () => {
    expect(form.map(({ name }) => name)).toEqual(Object.keys(settings.shape));
    for (const each of form) expect(FormField.strict().parse(each)).toEqual(each);
  });

  it('asks for text with label, placeholder and heading, and says what has to be filled in', () => {
    expect(field('host')).toEqual({
      name: 'host',
      type: 'text',
      label: text('Address'),
      required: true,
      placeholder: 'api.example.com',
      group: 'server',
    });
    expect(form.filter(({ required }) => required).map(({ name }) => name)).toEqual(['host', 'secret']);
  });

  it('bounds numbers as the schema does and invents no bounds', () => {
    expect(field('port')).toMatchObject({ type: 'number', min: 1, max: 65535, default: 443, advanced: true });
    expect(field('anyNumber')).toEqual({ name: 'anyNumber', type: 'number', label: text('Any'), required: false });
    expect(field('positive')).toMatchObject({ min: 1 });
  });

  it('offers choices with their labels and the plain value where one has none', () => {
    expect(field('document')).toMatchObject({
      type: 'choice',
      default: 'order',
      label: text('Document'),
      options: [
        { value: 'order', label: text('Order') },
        { value: 'invoice', label: { en: 'invoice', de: 'invoice', nl: 'invoice' } },
      ],
    });
    expect(field('scheme')?.options?.map(({ value }) => value)).toEqual(['http', 'https']);
  });

  it('knows switches and lists of the connection', () => {
    expect(field('verify')).toMatchObject({ type: 'boolean', default: true, required: false });
    expect(field('branch')).toMatchObject({ type: 'number', vocabulary: 'branches' });
  });

  it('marks secrets and never carries a default for one', () => {
    expect(field('secret')).toMatchObject({ type: 'secret', help: text('From the till') });
    expect(secretFieldsOf(settings)).toEqual(['secret']);
    const careless = z.object({
      token: z
        .string()
        .default('built-in')
        .meta({ label: text('Token'), secret: true }),
    });
    expect(JSON.stringify(formOf(careless))).not.toContain('built-in');
  });

  it('is drawn from a refined schema as well', () => {
    expect(formOf(settings.refine(() => true)).length).toBe(form.length);
  });
});
