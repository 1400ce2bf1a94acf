/** Reading and writing dotted paths in plain data. Missing parts read as undefined and are made when written. */

export function valueAt(data: unknown, path: string): unknown {
  let value: unknown = data;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

export function setAt(data: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop();
  if (last === undefined) return;
  let place = data;
  for (const key of keys) {
    const next = place[key];
    if (typeof next === 'object' && next !== null) place = next as Record<string, unknown>;
    else {
      const made: Record<string, unknown> = {};
      place[key] = made;
      place = made;
    }
  }
  place[last] = value;
}
