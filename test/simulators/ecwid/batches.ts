/** Batch requests: carried out at once, told when asked for. */
import { randomUUID } from 'node:crypto';

export interface Inner {
  readonly status: number;
  readonly body: unknown;
}

interface Asked {
  readonly id?: string;
  readonly path: string;
  readonly method: string;
  readonly body?: unknown;
}

export function createBatches() {
  const tickets = new Map<string, { readonly responses: readonly object[]; looks: number }>();
  const seen = new Map<string, string>();
  /** How often a batch says that it is not done yet. */
  const knobs = { looks: 0 };
  const requests: Asked[] = [];

  return {
    knobs,
    /** Every part of every batch, in order. */
    requests: requests as readonly Asked[],
    post(query: URLSearchParams, body: string, carryOut: (asked: Asked) => Inner): Inner {
      const key = query.get('deduplicationKey');
      const known = key === null ? undefined : seen.get(key);
      if (known !== undefined) return { status: 200, body: { ticket: known } };
      const list = JSON.parse(body) as Asked[];
      if (!Array.isArray(list) || list.length === 0 || list.length > 500) {
        return { status: 400, body: { errorCode: 'WRONG_PARAMETER', errorMessage: 'A batch has 1 to 500 requests' } };
      }
      let stopped = false;
      const responses = list.map((asked, index) => {
        const id = asked.id ?? String(index);
        if (stopped) return { id, status: 'NOT_EXECUTED' };
        requests.push(asked);
        const { status, body: answer } = carryOut(asked);
        const good = status < 400;
        if (!good && query.get('stopOnFirstFailure') === 'true') stopped = true;
        return { id, status: good ? 'COMPLETED' : 'FAILED', httpStatusCode: status, httpStatusLine: String(status), httpBody: answer };
      });
      const ticket = randomUUID();
      tickets.set(ticket, { responses, looks: knobs.looks });
      if (key !== null) seen.set(key, ticket);
      return { status: 200, body: { ticket } };
    },
    get(query: URLSearchParams): Inner {
      const found = tickets.get(query.get('ticket') ?? '');
      if (found === undefined) return { status: 404, body: { errorCode: 'BATCH_NOT_FOUND' } };
      const totalRequests = found.responses.length;
      if (found.looks > 0) {
        found.looks -= 1;
        return { status: 200, body: { status: 'IN_PROGRESS', totalRequests, completedRequests: 0 } };
      }
      return { status: 200, body: { status: 'COMPLETED', totalRequests, completedRequests: totalRequests, responses: found.responses } };
    },
  };
}
