import { readdir, readFile } from 'node:fs/promises';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiRoutes } from '../../app-server/http/settings-api.ts';
import { createHouse } from './http-house.ts';

const Content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const Operation = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/),
  summary: z.string().min(3),
  security: z.tuple([z.strictObject({ ticket: z.tuple([]) })]),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean().optional(),
        schema: z.record(z.string(), z.unknown()),
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.literal(true), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.strictObject({ description: z.string().min(3), content: Content })),
});
/** The parts of an OpenAPI 3.1 document that we use, and no others. */
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.url() })).optional(),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), z.record(z.string(), z.unknown())),
    parameters: z.record(z.string(), z.unknown()),
    securitySchemes: z.strictObject({
      ticket: z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), bearerFormat: z.literal('JWT') }),
    }),
  }),
  webhooks: z.strictObject({}),
  paths: z.record(z.string().regex(/^\/api\/[\w/{}-]+$/), z.partialRecord(z.enum(['get', 'post', 'put']), Operation)),
});

const house = createHouse({ appUrl: 'https://tillbridge.example' });
const served = async () => (await request(house.app).get('/api/openapi.json').expect(200)).body;
const operationsOf = (document: z.infer<typeof Document>) =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the description of the API', () => {
  it('is a well-formed OpenAPI 3.1 document', async () => {
    const document = Document.parse(await served());
    expect(document.servers).toEqual([{ url: 'https://tillbridge.example' }]);
    const operations = operationsOf(document);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  it('points to nothing that it does not hold', async () => {
    const document = await served();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((name) => !(name !== undefined && name in document.components.schemas))).toEqual([]);
    expect(JSON.stringify(document).match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull();
  });

  it('describes every route that is served, and every answer and refusal of it', async () => {
    const described = operationsOf(Document.parse(await served()));
    const routes = apiRoutes(house.ports, house.key);
    expect(described.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const { operation } of described) {
      const [success, ...more] = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      expect(more).toEqual([]);
      expect(Object.keys(success?.[1].content ?? {})).toEqual(['application/json']);
      const refusals = Object.entries(operation.responses).filter(([status]) => !status.startsWith('2'));
      expect(refusals.map(([status]) => status)).toEqual(
        expect.arrayContaining(['401', '429', '500', ...(operation.requestBody ? ['400', '413', '415'] : [])]),
      );
      for (const [, { content }] of refusals) {
        expect(content).toEqual({ 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } });
      }
    }
  });

  it('holds every operation that the settings screens were promised', async () => {
    const described = operationsOf(Document.parse(await served())).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual(
      [
        'GET /api/session',
        'GET /api/shop-options',
        'PUT /api/shop-options',
        'POST /api/session/renew',
        'GET /api/connectors',
        'GET /api/connections',
        'PUT /api/connections/{connectorName}',
        'POST /api/connections/{id}/check',
        'GET /api/connections/{id}/vocabulary/{list}',
        'GET /api/flows',
        'POST /api/flows',
        'GET /api/flows/{id}',
        'POST /api/flows/{id}/suggest',
        'PUT /api/flows/{id}/settings',
        'GET /api/flows/{id}/versions',
        'POST /api/flows/{id}/switch',
        'POST /api/flows/{id}/dry-run',
        'POST /api/flows/{id}/release',
        'GET /api/flows/{id}/imports',
        'POST /api/flows/{id}/imports',
        'GET /api/flows/{id}/audit',
        'GET /api/records',
        'GET /api/records/{id}',
        'GET /api/records/{id}/candidates',
        'POST /api/records/{id}/choice',
        'GET /api/ownership',
        'POST /api/connections/{id}/disconnect',
        'GET /api/erasures',
        'POST /api/erasures',
        'POST /api/connections/{connectorName}/authorization',
        'POST /api/records/{id}/replay',
        'POST /api/records/{id}/kept',
        'POST /api/records/replay',
      ].sort(),
    );
  });

  it('names the shapes of the contract as components', async () => {
    const shapes = new URL('../../app-server/http/shapes/', import.meta.url);
    const contract = (await Promise.all((await readdir(shapes)).map((file) => readFile(new URL(file, shapes), 'utf8')))).join('');
    const { components } = await served();
    const promised = [...contract.matchAll(/meta\(\{ id: '(\w+)' \}\)/g)].map(([, id]) => id);
    expect(promised.length).toBeGreaterThan(40);
    expect(promised.filter((id) => !(id !== undefined && id in components.schemas))).toEqual([]);
  });
});
