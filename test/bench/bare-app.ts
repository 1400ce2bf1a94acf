/** What the web side is measured against: Express 5, the HMAC over the raw body, one document. Nothing else. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { connect } from '../../app-server/store/database.ts';
import { dbName } from './ground.ts';
import { serve } from './remote.ts';

const methods = {
  async open({ uri, secret }: { uri: string; secret: string }) {
    const database = await connect(uri, dbName);
    const collection = database.connection.collection('bare');
    const app = express();
    app.disable('x-powered-by');
    app.post('/hooks', express.raw({ type: () => true, limit: '1mb' }), async (request, response) => {
      const expected = Buffer.from(createHmac('sha256', secret).update(request.body).digest('hex'));
      const given = Buffer.from(request.get('shopware-shop-signature') ?? '');
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
        response.status(401).end();
        return;
      }
      const { data, source } = JSON.parse(request.body.toString('utf8'));
      await collection.insertOne({ eventId: source.eventId, event: data.event, order: data.payload.order.id, at: new Date() });
      response.status(204).end();
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  },
};

export type BareApp = typeof methods;
serve(methods);
