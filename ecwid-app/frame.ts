/** The entrance of the screens: the Control Panel loads this address in its frame, with an encrypted payload. */
import { Router } from 'express';
import { failureOf } from '../connectors/failure.ts';
import { languageOf, sendFriendly } from './friendly.ts';
import { enter, type InstallationOptions } from './installation.ts';
import type { Page, Tickets } from './ports.ts';
import { openPayload } from './verify.ts';

export interface FrameOptions extends InstallationOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly appScriptUrl: string | undefined;
  readonly frameAncestors: readonly string[];
  readonly tickets: Tickets;
  readonly page: Page;
}

/** The payload carries no time of its own, so its life begins when it is first seen. Long enough to reload the frame. */
const payloadLifeMs = 10 * 60_000;

export function frame(options: FrameOptions): Router {
  const router = Router();
  const policy = contentPolicy(options);

  router.get('/frame', async (request, response) => {
    response.set({
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.removeHeader('x-frame-options');
    const { payload } = request.query;
    const opened = typeof payload === 'string' ? openPayload(payload, options.clientSecret) : undefined;
    const language = languageOf(opened?.language ?? (request.acceptsLanguages('en', 'de', 'nl') || undefined));
    if (opened === undefined) return sendFriendly(response, 'open-again', { status: 400, language });

    try {
      const store = await options.stores.find(opened.storeId);
      const seen = store?.seenPayloads.find(({ digest }) => digest === opened.identity);
      if (seen !== undefined && options.now().getTime() - seen.at.getTime() > payloadLifeMs) {
        options.log.warn({ storeId: opened.storeId }, 'an old payload was used again');
        return sendFriendly(response, 'open-again', { status: 403, language });
      }
      await enter(options, { ...opened, payload: opened.identity });
      const html = await options.page.render({
        ticket: options.tickets.issue({ shopId: opened.storeId, user: undefined, language }),
        host: 'ecwid',
        language,
        clientId: options.clientId,
        appScript: options.appScriptUrl,
      });
      return response.status(200).type('html').send(html);
    } catch (error) {
      const failure = failureOf(error);
      options.log.warn({ storeId: opened.storeId, code: failure.code }, 'the frame could not be opened');
      if (failure.remedy === 'fix-connection') return sendFriendly(response, 'open-again', { status: 403, language });
      return sendFriendly(response, 'try-later', { status: 503, language });
    }
  });

  return router;
}

/** Who may frame the page is a list: stores of resellers are administered under other hosts, and nobody publishes which. */
function contentPolicy(options: FrameOptions): string {
  const script = options.appScriptUrl === undefined ? '' : ` ${new URL(options.appScriptUrl).origin}`;
  return [
    "default-src 'none'",
    `frame-ancestors ${options.frameAncestors.join(' ')}`,
    `script-src 'self'${script}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
