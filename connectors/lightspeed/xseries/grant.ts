/** Tokens as the token endpoint gives them (X-Series OAuth 2: code flow, refresh tokens that rotate). */
import { z } from 'zod';
import { conversation, type ExchangeResponse, type Send } from '../../exchange.ts';
import { Failure } from '../../failure.ts';
import type { LightspeedOptions, LightspeedSettings } from '../settings.ts';
import { storeAddress } from './address.ts';

/** What is stored of it; instants in ISO 8601. */
export interface Grant {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
  /** When two thirds of its life are over. */
  readonly renewFrom: string;
}

const Answer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** Epoch seconds. */
  expires: z.coerce.number().positive().optional().catch(undefined),
  expires_in: z.coerce.number().positive().optional().catch(undefined),
});

const Refusal = z.object({ error: z.string().optional().catch(undefined) });

/** What is documented; a sample in the change log has a week. */
const usualLifeMs = 86_400_000;

interface TokenRequest {
  readonly domainPrefix: string | undefined;
  /** `grant_type` and what belongs to it. */
  readonly form: Readonly<Record<string, string>>;
  readonly send: Send;
  now(): Date;
}

/** The grant cannot be used any more: the refresh token is spent, or the code is. */
export const grantRefused = 'lightspeed.grant-refused';

/**
 * One request to the token endpoint. It is not recorded: request and answer are made of secrets. Throws Failure {@link grantRefused} when
 * the grant is refused, others when no answer came or our registration is wrong.
 */
export async function tokensFor(options: LightspeedOptions, request: TokenRequest): Promise<Grant> {
  const { clientId, clientSecret } = options;
  if (clientId === undefined || clientSecret === undefined) throw unregistered();
  const url = `${storeAddress(options, request.domainPrefix)}/api/1.0/token`;
  const body = new URLSearchParams({ ...request.form, client_id: clientId, client_secret: clientSecret }).toString();
  const response = await conversation.run({ priority: 2 }, () =>
    request.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body,
      label: 'token',
    }),
  );
  const answer = Answer.safeParse(jsonOf(response.body));
  if (response.status >= 200 && response.status < 300 && answer.success) return grantOf(answer.data, request);
  throw refused(response, request.now());
}

function grantOf(answer: z.infer<typeof Answer>, { form, now }: TokenRequest): Grant {
  const nowMs = now().getTime();
  const untilMs = answer.expires !== undefined ? answer.expires * 1000 : nowMs + (answer.expires_in ?? usualLifeMs / 1000) * 1000;
  const lifeMs = Math.max(0, untilMs - nowMs);
  return {
    accessToken: answer.access_token,
    // A server that does not rotate leaves it out (RFC 6749, section 6).
    refreshToken: answer.refresh_token ?? form.refresh_token ?? '',
    expiresAt: new Date(untilMs).toISOString(),
    renewFrom: new Date(nowMs + (lifeMs * 2) / 3).toISOString(),
  };
}

function refused(response: ExchangeResponse, now: Date): Failure {
  const { status } = response;
  const error = Refusal.safeParse(jsonOf(response.body)).data?.error ?? '';
  if (error === 'invalid_client' || error === 'unauthorized_client') {
    return new Failure({
      remedy: 'fix-connection',
      code: 'lightspeed.app-refused',
      message: 'Lightspeed does not know this server’s app. Whoever runs the server has to check its client id and secret.',
    });
  }
  if (status === 429) {
    const reset = Number(response.headers['x-ratelimit-reset']) * 1000 - now.getTime();
    return new Failure({
      remedy: 'wait',
      code: 'lightspeed.too-many-requests',
      message: 'Lightspeed asks us to slow down.',
      ...(Number.isFinite(reset) && { waitMs: Math.min(Math.max(reset, 1_000), 600_000) }),
    });
  }
  if (status === 400 || status === 401 || error === 'invalid_grant') {
    return new Failure({ remedy: 'fix-connection', code: grantRefused, message: 'Lightspeed no longer accepts this grant.' });
  }
  return new Failure({
    remedy: 'wait',
    code: 'lightspeed.unreachable',
    message: `Lightspeed cannot renew the access at the moment (status ${status}).`,
    params: { status },
  });
}

/** What is stored, as a grant; `undefined` for a personal token. Without a note when to renew, a day's life is assumed. */
export function grantIn(settings: Partial<LightspeedSettings>): Grant | undefined {
  const { accessToken, refreshToken, expiresAt } = settings;
  if (settings.personalToken || !accessToken) return undefined;
  const untilMs = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt);
  const until = Number.isNaN(untilMs) ? 0 : untilMs;
  const renewFrom = settings.renewFrom === undefined ? Number.NaN : Date.parse(settings.renewFrom);
  return {
    accessToken,
    refreshToken: refreshToken ?? '',
    expiresAt: new Date(until).toISOString(),
    renewFrom: new Date(Number.isNaN(renewFrom) ? Math.max(0, until - usualLifeMs / 3) : renewFrom).toISOString(),
  };
}

export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function unregistered(): Failure {
  return new Failure({
    remedy: 'fix-connection',
    code: 'lightspeed.not-registered',
    message: 'This server is not registered with Lightspeed. Use a personal token, or ask whoever runs the server.',
  });
}
