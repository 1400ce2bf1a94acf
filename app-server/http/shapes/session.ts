/** Who is looking, and what is switched on for the whole shop. */
import { z } from 'zod';
import { Text } from './problems.ts';

export const Session = z
  .object({
    tenant: z.string(),
    platform: z.string(),
    shop: z.object({ title: z.string(), url: z.string().optional() }),
    language: z.string(),
    expiresAt: z.iso.datetime(),
    trial: z.object({ endsAt: z.iso.datetime() }).optional(),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof Session>;

/** Something that can be switched on for the shop as a whole. */
export const ShopOption = z.object({ name: z.string(), title: Text, help: Text, on: z.boolean() }).meta({ id: 'ShopOption' });
export type ShopOption = z.infer<typeof ShopOption>;

export const SwitchShopOption = z.object({ name: z.string().min(1).max(50), on: z.boolean() }).meta({ id: 'SwitchShopOption' });

export const RenewedTicket = z.object({ ticket: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'RenewedTicket' });
