/** Who buys in the shops of Lightspeed. */
import type { SeedPerson } from '../simulators/lightspeed/articles.ts';

export interface Customers {
  /** One of the usual ones, in turn. */
  next(): SeedPerson;
  /** Somebody who never bought anything before. */
  newcomer(): SeedPerson;
}

export function customersOf(count: number): Customers {
  let turn = 0;
  let newcomers = 0;
  return {
    next() {
      turn += 1;
      return person(`regular.${turn % count}`);
    },
    newcomer() {
      newcomers += 1;
      return person(`newcomer.${newcomers}`);
    },
  };
}

const person = (name: string): SeedPerson => ({
  ...{ email: `${name}@example.test`, firstname: 'Kim', lastname: name, phone: '+31 20 555 0199' },
  ...{ street: 'Kade', number: '1', extension: '', zipcode: '1011 AA', city: 'Amsterdam', country: 'nl' },
});
