/** What a route is, and how a request finds it. */
import type { Account } from './account.ts';
import type { Shape } from './shape.ts';

export interface Call {
  readonly account: Account;
  /** What stands for `:name` in the path. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/lists/:list/members/:member` */
  readonly path: string;
  readonly body?: Shape;
  /** Parameters beside those that every GET knows. */
  readonly query?: readonly string[];
  answer(call: Call): Answer | Promise<Answer>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const empty: Answer = { status: 204 };

export type Found = { readonly route: Route; readonly at: Record<string, string> } | 'no method' | 'no path';

export function createFinder(routes: readonly Route[]): (method: string, path: string) => Found {
  const bySize = new Map<number, { readonly route: Route; readonly parts: string[] }[]>();
  for (const route of routes) {
    const parts = route.path.split('/');
    bySize.set(parts.length, [...(bySize.get(parts.length) ?? []), { route, parts }]);
  }
  return (method, path) => {
    const asked = (path.length > 1 ? path.replace(/\/$/, '') : path).split('/').map(decoded);
    const fitting = (bySize.get(asked.length) ?? []).filter(({ parts }) =>
      parts.every((part, index) => (part.startsWith(':') ? asked[index] !== '' : part === asked[index])),
    );
    const hit = fitting.find(({ route }) => route.method === method);
    if (hit === undefined) return fitting.length > 0 ? 'no method' : 'no path';
    const named = hit.parts.flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), asked[index] ?? '']] : []));
    return { route: hit.route, at: Object.fromEntries(named) };
  };
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
