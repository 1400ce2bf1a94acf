/** What connects a Mailchimp account: a key that is entered, or a token that the account's owner gave on Mailchimp's own page. */

import { z } from 'zod';
import { emptyAsAbsent, meta } from '../questions.ts';

/** Data centres are two letters and a number. They become part of a host name, so nothing else may pass. */
export const dataCentre = /^[a-z]{2,3}\d{1,4}$/;
const keyPattern = /^[\w.]+(?:-[\w.]+)*-[a-z]{2,3}\d{1,4}$/;

export const MailchimpSettings = z
  .object({
    apiKey: z
      .preprocess(
        emptyAsAbsent,
        z.string().trim().regex(keyPattern, 'An API key ends in a dash and the data centre, as in …-us19.').optional(),
      )
      .meta(
        meta({
          label: { en: 'API key', de: 'API-Schlüssel', nl: 'API-sleutel' },
          help: {
            en: 'In Mailchimp under Profile, Extras, API keys. Not needed when you connect with the button.',
            de: 'In Mailchimp unter Profil, Extras, API-Schlüssel. Nicht nötig, wenn Sie über die Schaltfläche verbinden.',
            nl: 'In Mailchimp onder Profiel, Extra’s, API-sleutels. Niet nodig als u via de knop verbindt.',
          },
          placeholder: '…-us19',
          secret: true,
        }),
      ),
    audience: z.preprocess(emptyAsAbsent, z.string().trim().optional()).meta(
      meta({
        label: { en: 'Audience', de: 'Zielgruppe', nl: 'Doelgroep' },
        help: {
          en: 'Empty: the only one that the account has.',
          de: 'Leer: die einzige, die das Konto hat.',
          nl: 'Leeg: de enige die het account heeft.',
        },
        vocabulary: 'audiences',
      }),
    ),
    accessToken: z
      .preprocess(emptyAsAbsent, z.string().optional())
      .meta(meta({ label: { en: 'Access token', de: 'Zugriffstoken', nl: 'Toegangstoken' }, secret: true, advanced: true })),
    dc: z
      .preprocess(emptyAsAbsent, z.string().regex(dataCentre).optional())
      .meta(meta({ label: { en: 'Data centre', de: 'Rechenzentrum', nl: 'Datacenter' }, placeholder: 'us19', advanced: true })),
    signingSecret: z.preprocess(emptyAsAbsent, z.string().optional()).meta(
      meta({
        label: { en: 'Signing secret of the webhook', de: 'Signaturschlüssel des Webhooks', nl: 'Handtekeningsleutel van de webhook' },
        secret: true,
        advanced: true,
      }),
    ),
  })
  .superRefine(({ apiKey, accessToken, dc }, context) => {
    if (apiKey !== undefined) return;
    if (accessToken === undefined)
      context.addIssue({ code: 'custom', path: ['apiKey'], message: 'Enter an API key, or connect with the button.' });
    else if (dc === undefined)
      context.addIssue({ code: 'custom', path: ['dc'], message: 'An access token needs the data centre of the account.' });
  });
export type MailchimpSettings = z.infer<typeof MailchimpSettings>;

export interface Credentials {
  readonly dc: string;
  /** Value of the Authorization header. */
  readonly authorization: string;
}

/** A key that was typed in goes before a token: it is the later wish wherever both are stored. */
export function credentialsOf({ apiKey, accessToken, dc }: Pick<MailchimpSettings, 'apiKey' | 'accessToken' | 'dc'>): Credentials {
  if (apiKey !== undefined) {
    const basic = Buffer.from(`tillbridge:${apiKey}`).toString('base64');
    return { dc: apiKey.slice(apiKey.lastIndexOf('-') + 1), authorization: `Basic ${basic}` };
  }
  return { dc: dc ?? '', authorization: `Bearer ${accessToken ?? ''}` };
}
