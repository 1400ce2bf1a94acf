/** What a merchant can switch on beyond the flows. Everything here is off until somebody does. */
import type { Text } from '../connectors/text.ts';

interface ShopOption {
  readonly name: string;
  readonly title: Text;
  readonly help: Text;
}

const cartReports = {
  name: 'cartReports',
  title: { en: 'Notice abandoned carts', de: 'Verlassene Warenkörbe bemerken', nl: 'Achtergelaten winkelwagens opmerken' },
  help: {
    en: 'A small script in your shop window reports what lies in a visitor’s cart. An e-mail address is kept only when the visitor agreed to it; everything is erased after 30 days.',
    de: 'Ein kleines Skript in Ihrem Schaufenster meldet, was im Warenkorb eines Besuchers liegt. Eine E-Mail-Adresse wird nur behalten, wenn der Besucher zugestimmt hat; nach 30 Tagen wird alles gelöscht.',
    nl: 'Een klein script in uw webwinkel meldt wat er in de winkelwagen van een bezoeker ligt. Een e-mailadres wordt alleen bewaard als de bezoeker daarmee instemde; na 30 dagen wordt alles gewist.',
  },
} as const satisfies ShopOption;

/** By name. */
export const ecwidOptions = { cartReports } as const;
