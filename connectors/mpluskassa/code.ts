import { z } from 'zod';

/** A number out of one of the till's lists; left empty: absent. */
export const code = z.preprocess(
  (value) => (value === '' || value === null ? undefined : value),
  z.coerce.number().int().nonnegative().optional(),
);
