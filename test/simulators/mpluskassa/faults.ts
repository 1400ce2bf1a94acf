/** The client's mistake: answered as HTTP 500 with a SOAP fault. */
export class ClientFault extends Error {
  readonly code: string;

  constructor(text: string, code = 'Client') {
    super(text);
    this.code = code;
  }
}

export type FaultKind = 'refuse' | 'timeout' | 'fault' | 'bad-gateway' | 'write-then-drop' | 'failed' | 'garbage' | 'slow' | 'empty';

interface Planned {
  kind: FaultKind;
  operation: string | undefined;
  left: number;
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What will go wrong, and when. Planned faults come first, in the order they were planned; then chance. */
export class FaultPlan {
  #planned: Planned[] = [];
  #chance: { probability: number; kinds: readonly FaultKind[]; draw: () => number } | undefined;

  next(kind: FaultKind, options: { operation?: string; times?: number } = {}): void {
    this.#planned.push({ kind, operation: options.operation, left: options.times ?? 1 });
  }

  rate(probability: number, kinds: readonly FaultKind[], seed: number): void {
    this.#chance = { probability, kinds, draw: random(seed) };
  }

  clear(): void {
    this.#planned = [];
    this.#chance = undefined;
  }

  /** The fault for one call of an operation, used up by asking. */
  take(operation: string): FaultKind | undefined {
    const at = this.#planned.findIndex((each) => each.operation === undefined || each.operation === operation);
    const planned = this.#planned[at];
    if (planned !== undefined) {
      planned.left -= 1;
      if (planned.left <= 0) this.#planned.splice(at, 1);
      return planned.kind;
    }
    const chance = this.#chance;
    if (chance === undefined || chance.kinds.length === 0 || chance.draw() >= chance.probability) return undefined;
    return chance.kinds[Math.floor(chance.draw() * chance.kinds.length)];
  }
}
