/** Forms drawn from a zod settings schema: what a connector asks needs no screen of its own. Pure. */
import { z } from 'zod';
import { languages } from '../../connectors/text.ts';
import type { FormField } from './api.ts';

const Label = z.object(Object.fromEntries(languages.map((language) => [language, z.string()])) as Record<'en' | 'de' | 'nl', z.ZodString>);

/** One property as zod writes it in JSON schema, the field's own meta among its keywords. */
const Property = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  const: z.union([z.string(), z.number(), z.boolean()]).optional(),
  anyOf: z.array(z.object({ type: z.string().optional(), const: z.union([z.string(), z.number()]).optional() })).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  default: z.unknown().optional(),
  label: Label.optional(),
  help: Label.optional(),
  placeholder: z.string().optional(),
  secret: z.literal(true).optional(),
  group: z.string().optional(),
  vocabulary: z.string().optional(),
  options: z.record(z.string(), Label).optional(),
  advanced: z.literal(true).optional(),
});
type Property = z.infer<typeof Property>;

const ObjectSchema = z.object({ properties: z.record(z.string(), Property).default({}), required: z.array(z.string()).default([]) });

/** The fields of a zod object in their order. Throws when the schema is no object or a field's meta is malformed: a fault of the connector. */
export function formOf(settings: z.ZodType): readonly FormField[] {
  const known = drawn.get(settings);
  if (known) return known;
  const form = draw(settings);
  drawn.set(settings, form);
  return form;
}

/** Schemas are constants, and every page asks for their forms. */
const drawn = new WeakMap<z.ZodType, readonly FormField[]>();

function draw(settings: z.ZodType): FormField[] {
  const { properties, required } = ObjectSchema.parse(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any', reused: 'inline' }));
  return Object.entries(properties).map(([name, property]) => fieldOf(name, property, required.includes(name)));
}

/** Names of the fields that never travel to the browser. */
export function secretFieldsOf(settings: z.ZodType): string[] {
  return formOf(settings)
    .filter((field) => field.type === 'secret')
    .map((field) => field.name);
}

function fieldOf(name: string, property: Property, required: boolean): FormField {
  const type = typeOf(property);
  const options = choicesOf(property)?.map((value) => ({ value, label: property.options?.[value] ?? sameText(value) }));
  const { min, max } = boundsOf(property);
  return {
    name,
    type,
    label: property.label ?? sameText(name),
    required,
    ...(property.help && { help: property.help }),
    ...(property.placeholder !== undefined && { placeholder: property.placeholder }),
    ...(type !== 'secret' && isPlain(property.default) && { default: property.default }),
    ...(property.group !== undefined && { group: property.group }),
    ...(property.advanced && { advanced: true }),
    ...(type === 'number' && min !== undefined && { min }),
    ...(type === 'number' && max !== undefined && { max }),
    ...(type === 'choice' && options && { options }),
    ...(property.vocabulary !== undefined && { vocabulary: property.vocabulary }),
  };
}

function typeOf(property: Property): FormField['type'] {
  if (property.secret) return 'secret';
  if (choicesOf(property)) return 'choice';
  const types = [property.type ?? []].flat().filter((type) => type !== 'null');
  if (types.includes('boolean')) return 'boolean';
  if (types.includes('integer') || types.includes('number')) return 'number';
  return 'text';
}

function choicesOf(property: Property): string[] | undefined {
  if (property.enum) return property.enum.map(String);
  if (property.const !== undefined) return typeof property.const === 'boolean' ? undefined : [String(property.const)];
  const constants = property.anyOf?.flatMap((choice) => (choice.const === undefined ? [] : [String(choice.const)]));
  return constants !== undefined && constants.length > 0 ? constants : undefined;
}

/** zod states the safe-integer range for every integer; that is no bound that a person meant. */
function boundsOf(property: Property): { min: number | undefined; max: number | undefined } {
  const step = property.type === 'integer' ? 1 : 0;
  const min = property.minimum ?? (property.exclusiveMinimum === undefined ? undefined : property.exclusiveMinimum + step);
  const max = property.maximum ?? (property.exclusiveMaximum === undefined ? undefined : property.exclusiveMaximum - step);
  return {
    min: min === undefined || min <= Number.MIN_SAFE_INTEGER ? undefined : min,
    max: max === undefined || max >= Number.MAX_SAFE_INTEGER ? undefined : max,
  };
}

const isPlain = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);
const sameText = (text: string) => ({ en: text, de: text, nl: text });
