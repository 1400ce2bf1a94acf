/** Merge fields: what an audience asks of its members, and the forms that values must have. */
import type { Audience, Json, MergeField } from './account.ts';
import type { FieldError } from './problem.ts';

export function standardMergeFields(): Map<number, MergeField> {
  const of = (mergeId: number, tag: string, name: string, type: string, options: Json = {}): [number, MergeField] => [
    mergeId,
    { mergeId, tag, name, type, required: false, defaultValue: '', public: false, displayOrder: mergeId + 1, options, helpText: '' },
  ];
  return new Map([
    of(1, 'FNAME', 'First Name', 'text', { size: 25 }),
    of(2, 'LNAME', 'Last Name', 'text', { size: 25 }),
    of(3, 'ADDRESS', 'Address', 'address', { default_country: 150 }),
    of(4, 'PHONE', 'Phone Number', 'phone', { phone_format: 'none' }),
    of(5, 'BIRTHDAY', 'Birthday', 'birthday', { date_format: 'MM/DD' }),
  ]);
}

export const showMergeField = (audience: Audience, field: MergeField): Json => ({
  merge_id: field.mergeId,
  tag: field.tag,
  name: field.name,
  type: field.type,
  required: field.required,
  default_value: field.defaultValue,
  public: field.public,
  display_order: field.displayOrder,
  options: field.options,
  help_text: field.helpText,
  list_id: audience.id,
  _links: [],
});

/** The tag that Mailchimp makes of a name when none is given: at most ten signs, in capitals. */
export const tagOf = (wish: string, audience: Audience): string => {
  const plain = wish
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '')
    .slice(0, 10);
  const taken = new Set([...audience.mergeFields.values()].map((field) => field.tag));
  if (plain !== '' && !taken.has(plain)) return plain;
  for (let number = 1; ; number += 1) if (!taken.has(`MMERGE${number}`)) return `MMERGE${number}`;
};

const scalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

const forms: Readonly<Record<string, readonly [RegExp, string]>> = {
  date: [/^(\d{4}-\d\d-\d\d(T.*)?|\d\d\/\d\d\/\d{4})$/, 'Please enter the date'],
  birthday: [/^(0[1-9]|1[0-2])\/(0[1-9]|[12]\d|3[01])$/, 'Please enter a month (01-12) and a day (01-31)'],
  zip: [/^\d{5}$/, 'Please enter a valid zip code (5 digits)'],
  url: [/^https?:\/\/\S+$/, 'Please enter a full URL, including http:// or https://'],
  imageurl: [/^https?:\/\/\S+$/, 'Please enter a full URL, including http:// or https://'],
};

/** What the value becomes, or what is wrong with it. */
function formed(field: MergeField, value: unknown): { readonly value: unknown } | { readonly wrong: string } {
  if (value === '') return { value };
  if (field.type === 'address') return address(value);
  if (!scalar(value)) return { wrong: 'Please enter a value' };
  const text = String(value);
  switch (field.type) {
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? { value: Number(text) } : { wrong: 'Please enter a number' };
    case 'radio':
    case 'dropdown':
      return (field.options.choices as string[] | undefined)?.includes(text)
        ? { value: text }
        : { wrong: 'Value must be one of the choices' };
    case 'phone':
      return field.options.phone_format === 'US' && !/^\(?\d{3}\)?[ -]?\d{3}-?\d{4}$/.test(text)
        ? { wrong: 'Phone Number must be properly formatted: (###) ### - ####' }
        : { value: text };
    case 'text':
      return text.length > 255 ? { wrong: 'Please enter a value with 255 characters or less' } : { value: text };
    default: {
      const form = forms[field.type];
      return form === undefined || form[0].test(text) ? { value: text } : { wrong: form[1] };
    }
  }
}

function address(value: unknown): { readonly value: unknown } | { readonly wrong: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { wrong: 'Please enter a complete address' };
  const parts = value as Json;
  const complete = ['addr1', 'city', 'state', 'zip'].every((name) => typeof parts[name] === 'string' && parts[name] !== '');
  return complete ? { value: { addr2: '', country: 'US', ...parts } } : { wrong: 'Please enter a complete address' };
}

/** Puts the values in; tells what was wrong, which tags nobody knows, and whether anything is new. */
export function fillIn(
  audience: Audience,
  held: Map<string, unknown>,
  values: Json,
): { readonly errors: FieldError[]; readonly unknown: string[]; readonly changed: boolean } {
  const byTag = new Map([...audience.mergeFields.values()].map((field) => [field.tag, field]));
  const errors: FieldError[] = [];
  const unknown: string[] = [];
  const good: [string, unknown][] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = byTag.get(name.toUpperCase());
    if (field === undefined) {
      if (name !== 'EMAIL') unknown.push(name);
      continue;
    }
    const result = formed(field, value);
    if ('wrong' in result) errors.push({ field: field.tag, message: result.wrong });
    else good.push([field.tag, result.value]);
  }
  if (errors.length > 0) return { errors, unknown, changed: false };
  let changed = false;
  for (const [tag, value] of good) {
    changed ||= JSON.stringify(held.get(tag) ?? '') !== JSON.stringify(value);
    held.set(tag, value);
  }
  return { errors, unknown, changed };
}

/** Required fields that have no value. */
export const missing = (audience: Audience, held: ReadonlyMap<string, unknown>, values: Json): FieldError[] =>
  [...audience.mergeFields.values()]
    .filter((field) => field.required && (values[field.tag] ?? held.get(field.tag) ?? '') === '')
    .map((field) => ({ field: field.tag, message: 'Please enter a value' }));
