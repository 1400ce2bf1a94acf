/** In which order records of a batch go out: those of one entity one after another, the others side by side. Pure. */
interface Keyed {
  readonly prepared: { readonly lockKey?: string };
}

/** The records of each entity, in their order; one without an entity stands alone. */
export function queues<T extends Keyed>(ready: readonly T[]): T[][] {
  const known = new Map<string | T, T[]>();
  for (const item of ready) {
    const queue = known.get(item.prepared.lockKey ?? item);
    if (queue) queue.push(item);
    else known.set(item.prepared.lockKey ?? item, [item]);
  }
  return [...known.values()];
}

/** Of each entity one record per round, in their order: the next one finds what the one before it has left. */
export function rounds<T extends Keyed>(ready: readonly T[]): T[][] {
  const seen = new Map<string, number>();
  const sorted: T[][] = [];
  for (const item of ready) {
    const { lockKey } = item.prepared;
    const round = lockKey === undefined ? 0 : (seen.get(lockKey) ?? 0);
    if (lockKey !== undefined) seen.set(lockKey, round + 1);
    sorted[round] = [...(sorted[round] ?? []), item];
  }
  return sorted;
}

export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
