/** The store's profile, as far as the app reads it. */
import { z } from 'zod';
import { Failure } from '../connectors/failure.ts';
import { type ApiAccess, callApi } from './calls.ts';

const PaymentOption = z.looseObject({
  id: z.string().optional(),
  enabled: z.boolean().optional(),
  checkoutTitle: z.string().optional(),
  paymentProcessorTitle: z.string().optional(),
  paymentProcessorId: z.string().optional(),
});

const ShippingOption = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  title: z.string().default(''),
  enabled: z.boolean().optional(),
  fulfilmentType: z.string().optional(),
});

const Tax = z.looseObject({
  id: z.union([z.number(), z.string()]).transform(Number).optional(),
  name: z.string().default(''),
  enabled: z.boolean().optional(),
  defaultTax: z.number().optional(),
  rules: z.array(z.looseObject({ tax: z.number().optional() })).default([]),
});

export const Profile = z.looseObject({
  generalInfo: z.looseObject({ storeId: z.union([z.number(), z.string()]).transform(String), storeUrl: z.string().default('') }),
  account: z.looseObject({ accountName: z.string().optional(), suspended: z.boolean().optional() }).optional(),
  settings: z.looseObject({ storeName: z.string().optional(), closed: z.boolean().optional() }).optional(),
  formatsAndUnits: z.looseObject({
    currency: z.string().length(3),
    weightUnit: z.string().optional(),
    timezone: z.string().optional(),
  }),
  languages: z.looseObject({ defaultLanguage: z.string().optional() }).optional(),
  taxSettings: z
    .looseObject({
      automaticTaxEnabled: z.boolean().optional(),
      pricesIncludeTax: z.boolean().optional(),
      taxes: z.array(Tax).default([]),
    })
    .optional(),
  payment: z.looseObject({ paymentOptions: z.array(PaymentOption).default([]) }).optional(),
  shipping: z.looseObject({ shippingOptions: z.array(ShippingOption).default([]) }).optional(),
});
export type Profile = z.infer<typeof Profile>;

/** GET /profile. Proves the token: a profile of another store is a Failure with remedy fix-connection, too. */
export async function readProfile(access: ApiAccess, timeoutMs?: number): Promise<Profile> {
  const body = await callApi(access, {
    path: '/profile',
    label: 'read store profile',
    scope: 'read_store_profile',
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const parsed = Profile.safeParse(body);
  if (body === undefined || (parsed.success && parsed.data.generalInfo.storeId !== access.storeId)) {
    throw new Failure({
      remedy: 'fix-connection',
      code: 'shop.other-store',
      message: `The token does not belong to store ${access.storeId}. Check the store id and the token.`,
      params: { storeId: access.storeId },
    });
  }
  if (!parsed.success) {
    throw new Failure({
      remedy: 'retry',
      code: 'shop.unreadable-answer',
      message: `The profile of store ${access.storeId} cannot be read.`,
      params: { call: 'read store profile' },
      cause: parsed.error,
    });
  }
  return parsed.data;
}

export const titleOf = (profile: Profile): string =>
  profile.settings?.storeName || profile.account?.accountName || `Store ${profile.generalInfo.storeId}`;
