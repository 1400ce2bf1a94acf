/** The OpenAPI 3.1 description, generated from the route table and its zod schemas. */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { Problem } from './api.ts';
import type { Route } from './route.ts';

const meanings: Readonly<Record<number, string>> = {
  200: 'Done.',
  202: 'Accepted; the work happens in the background.',
  400: 'Values are missing or wrong, or the body is not JSON.',
  401: 'The ticket is missing, forged or expired.',
  404: 'Unknown, or not of this shop.',
  409: 'Not possible as things stand.',
  413: 'The body is too large.',
  415: 'The body is not declared as JSON.',
  422: 'The other side refuses it; the remedy says what to mend.',
  429: 'Too many requests.',
  500: 'Something went wrong on our side.',
  502: 'The other side is away or answers oddly.',
};

/** The document for these routes, as served at /api/openapi.json. */
export function openApiOf(routes: readonly Route[], baseUrl: string | undefined) {
  const registry = new OpenAPIRegistry();
  const ticket = registry.registerComponent('securitySchemes', 'ticket', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  for (const route of routes) {
    const status = route.status ?? 200;
    const refusals = [...new Set([401, 429, 500, ...route.problems, ...(route.body ? [400, 413, 415] : route.query ? [400] : [])])];
    registry.registerPath({
      method: route.method,
      path: route.path,
      operationId: route.name,
      summary: route.summary,
      security: [{ [ticket.name]: [] }],
      request: {
        ...(route.params && { params: route.params }),
        ...(route.query && { query: route.query }),
        ...(route.body && { body: { required: true, content: json(route.body) } }),
      },
      responses: {
        [status]: { description: meanings[status] ?? '', content: json(route.answer) },
        ...Object.fromEntries(
          refusals
            .sort((left, right) => left - right)
            .map((refusal) => [
              refusal,
              { description: meanings[refusal] ?? '', content: { 'application/problem+json': { schema: Problem } } },
            ]),
        ),
      },
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Tillbridge', version: '1', description: 'What the settings screens in the shop’s admin talk to.' },
    ...(baseUrl !== undefined && { servers: [{ url: baseUrl }] }),
  });
}

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
