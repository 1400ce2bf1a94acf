/** What several records need in a target (a category, a brand) is made once, also where their plans are carried out side by side. */

/** So long after it was made, plans may still arrive that were drawn up before. */
const rememberedMs = 60_000;

/** Joins whoever is making it or has just made it; else makes it. What fails is made anew by the next one who comes. */
export type Once<T> = (key: string, make: () => Promise<T>) => Promise<T>;

export function createOnce<T>(now: () => Date): Once<T> {
  const begun = new Map<string, { readonly made: Promise<T>; readonly at: number }>();
  return (key, make) => {
    const at = now().getTime();
    for (const [other, { at: then }] of begun) if (at - then > rememberedMs) begun.delete(other);
    const known = begun.get(key);
    if (known) return known.made;
    const entry = { made: make(), at };
    begun.set(key, entry);
    entry.made.catch(() => {
      if (begun.get(key) === entry) begun.delete(key);
    });
    return entry.made;
  };
}
