/** One entry of the route table: drives Express and the OpenAPI description alike, so that they cannot differ. */
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { Shop, Tenant } from '../engine/model.ts';
import { fieldsOf, invalidInput, notFound, wrongContentType } from './problem.ts';
import { type Ticket, ticketInvalid } from './tickets.ts';

export type Method = 'get' | 'post' | 'put';

/** What a handler gets: parsed, and always in the name of one tenant. */
export interface Call<Path, Query, Body> {
  readonly tenant: Tenant;
  readonly ticket: Ticket;
  readonly shop: Shop;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
}

interface Described {
  readonly method: Method;
  /** As OpenAPI writes it: `/api/flows/{id}`. */
  readonly path: string;
  /** Unique; the OpenAPI operation id. */
  readonly name: string;
  readonly summary: string;
  /** Beyond 401, 429 and 500, which every operation may answer. */
  readonly problems: readonly number[];
}

interface Shapes<Path extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodType> {
  readonly params?: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: Answer;
  /** Default 200. */
  readonly status?: 200 | 202;
}

type NoShape = z.ZodObject<Record<never, never>>;

export interface Route extends Described {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  readonly status?: 200 | 202;
  readonly handler: RequestHandler;
}

/** Parses at the border, then hands over; whatever is thrown becomes a problem. */
export function route<
  Path extends z.ZodObject = NoShape,
  Query extends z.ZodObject = NoShape,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodType,
>(
  described: Described &
    Shapes<Path, Query, Body, Answer> & {
      handle(call: Call<z.output<Path>, z.output<Query>, z.output<Body>>): Promise<z.input<Answer>>;
    },
): Route {
  const { handle, ...table } = described;
  const handler: RequestHandler = async (request, response) => {
    const { ticket, shop } = sessionOf(response.locals);
    const path = described.params?.safeParse(request.params);
    if (path && !path.success) throw notFound();
    if (described.body && request.is('json') === false) throw wrongContentType();
    const query = described.query?.safeParse(request.query);
    const body = described.body?.safeParse(request.body ?? {});
    const fields = { ...(query?.error && fieldsOf(query.error)), ...(body?.error && fieldsOf(body.error)) };
    if (Object.keys(fields).length > 0) throw invalidInput(fields);
    const answer = await handle({
      tenant: ticket.tenant,
      ticket,
      shop,
      path: path?.data as z.output<Path>,
      query: query?.data as z.output<Query>,
      body: body?.data as z.output<Body>,
    });
    response
      .status(described.status ?? 200)
      .set('cache-control', 'no-store')
      .json(answer);
  };
  return { ...table, handler };
}

/** Express writes a parameter with a colon. */
export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function sessionOf({ ticket, shop }: Record<string, unknown>): { ticket: Ticket; shop: Shop } {
  if (ticket === undefined || shop === undefined) throw ticketInvalid();
  return { ticket: ticket as Ticket, shop: shop as Shop };
}
