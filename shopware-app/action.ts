/** `POST /action/resync-order`: the button on an order. Notices the orders and tells the admin so in a signed notification. */
import { createNotificationResponse } from '@shopware-ag/app-server-sdk/helper/app-actions';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Text } from '../connectors/text.ts';
import { refusals, refuse } from './answer.ts';
import { authenticate } from './delivery.ts';
import { languageOf } from './frame.ts';
import type { Log, Notices, RegisteredShops } from './ports.ts';
import { signatureOf } from './signature.ts';

export interface ActionOptions {
  readonly shops: RegisteredShops;
  readonly notices: Notices;
  readonly log: Log;
  readonly now: () => Date;
}

const Pressed = z.object({
  data: z.object({
    ids: z
      .array(z.string().regex(/^[0-9a-f]{32}$/))
      .min(1)
      .max(500),
    entity: z.literal('order'),
  }),
  meta: z.object({ reference: z.string().min(1).max(255).optional() }).optional(),
});

const taken: Text = {
  en: 'Tillbridge syncs the order again.',
  de: 'Tillbridge synchronisiert die Bestellung erneut.',
  nl: 'Tillbridge synchroniseert de bestelling opnieuw.',
};
const asleep: Text = {
  en: 'Tillbridge is deactivated. Activate it under Extensions first.',
  de: 'Tillbridge ist deaktiviert. Aktivieren Sie die App zuerst unter Erweiterungen.',
  nl: 'Tillbridge is uitgeschakeld. Activeer de app eerst onder Extensies.',
};

/** 200 with a notification, signed with the secret that signed the request. The reference of the press makes a repeated delivery harmless. */
export function createResync(options: ActionOptions): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    const delivery = await authenticate(request, options);
    if ('status' in delivery) return refuse(response, delivery);
    const pressed = Pressed.safeParse(delivery.body);
    if (!pressed.success) return refuse(response, refusals.malformed);
    const { shop } = delivery;
    const awake = shop.active && shop.uninstalledAt === undefined;
    if (awake) {
      const reference = pressed.data.meta?.reference;
      const ids = [...new Set(pressed.data.data.ids)];
      await options.notices.notice(
        shop.shopId,
        'order',
        ids.map((sourceId) => ({ sourceId, ...(reference !== undefined && { eventId: `${reference}:${sourceId}` }) })),
      );
      options.log.info({ shopId: shop.shopId, orders: ids.length }, 'orders noticed by the button');
    }
    const text = (awake ? taken : asleep)[languageOf(request.get('sw-user-language'))];
    const answer = await createNotificationResponse(awake ? 'success' : 'error', text).text();
    response.status(200).set({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'shopware-app-signature': signatureOf(answer, delivery.signer.secret),
    });
    response.send(Buffer.from(answer));
  };
}
