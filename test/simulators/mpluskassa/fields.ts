/** What travels inside an element: text, whole numbers, booleans, lists and named fields. Decimals stay text. */
export type Value = string | number | boolean | undefined | Fields | readonly Value[];

export interface Fields {
  [name: string]: Value;
}

/** The fields under a name; an empty record when there are none. */
export function inside(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

export function numberOf(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}

export function flagOf(fields: Fields, name: string): boolean {
  return fields[name] === true;
}

export function numbersOf(fields: Fields, name: string): number[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
}

export function textsOf(fields: Fields, name: string): string[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The records of a list with a wrapper: `<lineList><line/>...</lineList>`. */
export function listOf(fields: Fields, wrapper: string, child: string): Fields[] {
  const value = inside(fields, wrapper)[child];
  return Array.isArray(value) ? (value as Fields[]) : [];
}
