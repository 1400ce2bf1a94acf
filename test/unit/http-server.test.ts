import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Router } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage } from '../../app-server/http/page.ts';
import type { Page as EcwidPage } from '../../ecwid-app/ports.ts';
import type { Page as ShopwarePage } from '../../shopware-app/ports.ts';
import { alpha, createHouse } from './http-house.ts';

let screensDir: string;
beforeAll(async () => {
  screensDir = await mkdtemp(join(tmpdir(), 'tillbridge-screens-'));
  await mkdir(join(screensDir, 'assets'));
  await writeFile(join(screensDir, 'index.html'), '<html><head><!--tillbridge--></head><body>$&</body></html>');
  await writeFile(join(screensDir, 'assets', 'index-4f2a.js'), 'export {};');
});
afterAll(() => rm(screensDir, { recursive: true }));

describe('the page of the screens', () => {
  const facts = { ticket: 'a.b.c', host: 'shopware', language: 'de', hostOrigin: 'https://shop.example', colorScheme: undefined } as const;

  it('carries the session as data that a browser reads back unchanged', async () => {
    const page: ShopwarePage = createPage(screensDir);
    const hostile = `https://shop.example/</script><script>alert("$&")</script><!--\u2028`;
    const html = await page.render({ ...facts, hostOrigin: hostile });
    expect(html.match(/<\/?script/g)).toEqual(['<script', '</script']);
    const data = /<script type="application\/json" id="tillbridge">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(data)).toEqual({ ticket: 'a.b.c', host: 'shopware', language: 'de', hostOrigin: hostile });
    expect(html.startsWith('<html><head><script')).toBe(true);
    expect(html.endsWith('</script></head><body>$&</body></html>')).toBe(true);
  });

  it('is the same for both shop admins', async () => {
    const page: EcwidPage = createPage(screensDir);
    const html = await page.render({ ticket: 't', host: 'ecwid', language: 'nl', clientId: 'tillbridge', appScript: undefined });
    expect(html).toContain('"clientId":"tillbridge"');
  });

  it('says what to do when the screens were not built, and works once they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tillbridge-unbuilt-'));
    const page: ShopwarePage = createPage(folder);
    await expect(page.render(facts)).rejects.toThrow('npm run build');
    await writeFile(join(folder, 'index.html'), '<html></html>');
    await expect(page.render(facts)).rejects.toThrow('<!--tillbridge-->');
    await writeFile(join(folder, 'index.html'), '<!--tillbridge-->');
    await expect(page.render(facts)).resolves.toContain('application/json');
    await rm(folder, { recursive: true });
  });
});

describe('the server', () => {
  it('serves the built files for ever and nothing beside them', async () => {
    const { app } = createHouse({ screensDir });
    const { headers } = await request(app).get('/screens/assets/index-4f2a.js').expect(200);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await request(app).get('/screens/assets/other.js').expect(404)).body.code).toBe('not-found');
    await request(app).get('/screens/assets/..%2Findex.html').expect(404);
  });

  it('leaves it to the frame pages who may frame them, and lets nobody frame the API', async () => {
    const shopwareRouter = Router();
    shopwareRouter.get('/shopware/frame', (_request, response) => {
      response.set('content-security-policy', 'frame-ancestors https://shop.example').send('<p>');
    });
    const { app } = createHouse({ shopwareRouter });
    const frame = await request(app).get('/shopware/frame').expect(200);
    expect(frame.headers['content-security-policy']).toBe('frame-ancestors https://shop.example');
    expect(frame.headers['x-frame-options']).toBeUndefined();
    expect(frame.headers['x-content-type-options']).toBe('nosniff');
    expect(frame.headers['x-powered-by']).toBeUndefined();
    const api = await request(app).get('/api/session').expect(401);
    expect(api.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('hands the shop apps the raw bytes, whatever their type', async () => {
    const ecwidRouter = Router();
    ecwidRouter.post('/ecwid/webhooks', async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      response.send(Buffer.concat(chunks));
    });
    const { app } = createHouse({ ecwidRouter });
    const raw = '{ "eventId" : "1" }';
    const { body } = await request(app)
      .post('/ecwid/webhooks')
      .set('content-type', 'application/json')
      .send(raw)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks).toString()));
      });
    expect(body).toBe(raw);
  });

  it('logs addresses without their query', async () => {
    const { app, logged, bearer } = createHouse();
    await request(app).get('/api/records?search=10023').set('authorization', bearer(alpha)).expect(200);
    await request(app).get('/health').expect(200);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ level: 'info', facts: { method: 'GET', path: '/api/records', status: 200 } });
    expect(JSON.stringify(logged)).not.toContain('10023');
  });

  it('is alive without its database but not ready', async () => {
    const { app } = createHouse({
      ready: async () => {
        throw new Error('mongodb://user:password@database');
      },
    });
    await request(app).get('/health').expect(200, { status: 'ok' });
    const { body, text } = await request(app).get('/ready').expect(503);
    expect(body).toMatchObject({ code: 'not-ready', remedy: 'wait' });
    expect(text).not.toContain('mongodb');
    await request(createHouse().app).get('/ready').expect(200, { status: 'ok' });
  });

  it('shows its figures on the machine itself or to who has the token, not through a proxy', async () => {
    const { app, bearer } = createHouse({ metricsToken: 'figures-for-the-operator' });
    await request(app).get('/api/flows/alpha-flow').set('authorization', bearer(alpha)).expect(200);
    const { text } = await request(app).get('/metrics').expect(200);
    expect(text).toContain('tillbridge_entries{state="done"} 7');
    expect(text).toMatch(/tillbridge_http_request_seconds_count\{method="GET",route="\/api\/flows\/\{id\}",status="200"\} 1/);
    const proxied = (token?: string) => {
      const sent = request(app).get('/metrics').set('x-forwarded-for', '203.0.113.9');
      return token === undefined ? sent : sent.set('authorization', `Bearer ${token}`);
    };
    expect((await proxied().expect(404)).body.code).toBe('not-found');
    await proxied('wrong').expect(404);
    await proxied('figures-for-the-operator').expect(200);
  });
});
