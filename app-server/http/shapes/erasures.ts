/** Erasing a person. */
import { z } from 'zod';
import { Cause } from './problems.ts';

/** A person's erasure, asked for or done. Holds neither address nor name. */
export const Erasure = z
  .object({
    id: z.string(),
    /** Id of the customer in the shop, where the shop told of the request. */
    customer: z.string().optional(),
    requestedAt: z.iso.datetime(),
    /** Absent: somebody asked, and it waits for the merchant. */
    doneAt: z.iso.datetime().optional(),
    receipt: z
      .array(
        z
          .object({ connector: z.string(), title: z.string(), gone: z.array(z.string()), cause: Cause.optional() })
          .meta({ id: 'ErasedThere' }),
      )
      .optional(),
  })
  .meta({ id: 'Erasure' });
export type Erasure = z.infer<typeof Erasure>;

export const ErasePerson = z
  .object({ email: z.email().max(254), /** Id of the request that this answers. */ request: z.string().max(100).optional() })
  .meta({ id: 'ErasePerson' });
