/** Bytes as PHP makes them, and the signatures over them. */
import { createHash, createHmac } from 'node:crypto';

/** `json_encode` with its defaults: `\/`, `\uXXXX` in lower case. JavaScript already prints 395.0 as 395. */
export function phpJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Symfony's JsonResponse: as `json_encode`, and `<>'&"` inside strings as `\u00XX`. */
export function symfonyJson(value: unknown): string {
  return phpJson(value)
    .replace(/\\\\|\\"/g, (pair) => (pair === '\\"' ? '\\u0022' : pair))
    .replace(/[<>'&]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Hex HMAC-SHA256, the only signature of the app system. */
export function sign(message: string, secret: string): string {
  return createHmac('sha256', secret).update(message, 'utf8').digest('hex');
}

/** A stable 32-digit id for seed data: the same name gives the same id in every simulated shop. */
export function idOf(...names: readonly string[]): string {
  return createHash('md5').update(names.join('/')).digest('hex');
}

/** `2023-05-04T13:36:26.564+00:00` */
export function shopDate(date: Date): string {
  return date.toISOString().replace('Z', '+00:00');
}

export const liveVersion = '0fa91ce3e96a4bc2be4bd9ce752c3425';
export const systemLanguage = '2fbb5fe2e29a4d70aa5854ce7ce3e20b';
export const euro = 'b7d2554b0ce847cd82f3ac9bd1c0dfca';
