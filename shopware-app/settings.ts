/** What a shop hands over when it confirms its registration: the settings of its connection. */
import { z } from 'zod';
import type { FieldMeta } from '../connectors/connector.ts';

const labelled = (meta: FieldMeta): FieldMeta => meta;

export const ShopwareSettings = z.object({
  shopUrl: z.url({ protocol: /^https?$/ }).meta({ ...labelled({ label: { en: 'Shop address', de: 'Shop-Adresse', nl: 'Winkeladres' } }) }),
  apiKey: z
    .string()
    .min(1)
    .meta({ ...labelled({ label: { en: 'Access key', de: 'Zugangsschlüssel', nl: 'Toegangssleutel' }, secret: true }) }),
  secretKey: z
    .string()
    .min(1)
    .meta({ ...labelled({ label: { en: 'Secret key', de: 'Sicherheitsschlüssel', nl: 'Geheime sleutel' }, secret: true }) }),
});
export type ShopwareSettings = z.infer<typeof ShopwareSettings>;
