/** A process that dies at a point of our choice: from then on nothing that it started comes back, and it does nothing more. */
export interface Life {
  /** The points so far, the last one being that of its death. */
  readonly passed: readonly string[];
  /** Resolves at death. */
  readonly died: Promise<void>;
  /** Wraps an object's methods: each call is a point before and a point after. */
  of<T extends object>(name: string, port: T): T;
}

const never = new Promise<never>(() => undefined);

/** Dies at the n-th point; without one it lives. */
export function life(deathAt = Number.POSITIVE_INFINITY): Life {
  const passed: string[] = [];
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  /** True: dead, here or already. */
  const point = (name: string): boolean => {
    if (passed.length >= deathAt) return true;
    passed.push(name);
    if (passed.length < deathAt) return false;
    die();
    return true;
  };
  return {
    passed,
    died,
    of<T extends object>(name: string, port: T): T {
      return new Proxy(port, {
        get(target, key, receiver) {
          const member: unknown = Reflect.get(target, key, receiver);
          if (typeof member !== 'function') return member;
          return async (...given: unknown[]): Promise<unknown> => {
            if (point(`before ${name}.${String(key)}`)) return never;
            const answer: unknown = await Reflect.apply(member, target, given);
            return point(`after ${name}.${String(key)}`) ? never : answer;
          };
        },
      });
    },
  };
}
