/** The place where results of batches are fetched: another host than the API, which knows nothing of its keys. */
import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BatchMode } from './surface.ts';

export interface Archive {
  readonly url: string;
  put(name: string, bytes: Buffer): void;
  remove(name: string): void;
  /** An address that works for a while and for anybody. */
  signed(name: string): string;
  stop(): Promise<void>;
}

const refusal = (code: string, message: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

export async function startArchive(mode: BatchMode, now: () => Date): Promise<Archive> {
  const key = randomBytes(16);
  const held = new Map<string, Buffer>();
  const sign = (path: string, expires: number) => createHmac('sha256', key).update(`${path}:${expires}`).digest('hex');
  const signedPath = (path: string, expires: number) => `${path}?Expires=${expires}&Signature=${sign(path, expires)}`;

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://archive.invalid');
    const refuse = (status: number, code: string, message: string) =>
      response.writeHead(status, { 'content-type': 'application/xml' }).end(refusal(code, message));
    const expires = Number(searchParams.get('Expires'));
    const file = held.get(pathname.replace(/^\/(moved\/)?/, ''));
    if (mode.failures > 0) {
      mode.failures -= 1;
      refuse(503, 'SlowDown', 'Please reduce your request rate.');
    } else if (request.headers.authorization !== undefined)
      refuse(400, 'InvalidArgument', 'Only one auth mechanism allowed; only the signature in the query or the Authorization header');
    else if (request.method !== 'GET' || searchParams.get('Signature') !== sign(pathname, expires))
      refuse(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
    else if (expires < now().getTime()) refuse(403, 'AccessDenied', 'Request has expired');
    else if (file === undefined) refuse(404, 'NoSuchKey', 'The specified key does not exist.');
    else if (mode.redirect && !pathname.startsWith('/moved/'))
      response.writeHead(302, { location: signedPath(`/moved${pathname}`, expires) }).end();
    else response.writeHead(200, { 'content-type': 'application/x-gzip' }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    put: (name, bytes) => void held.set(name, bytes),
    remove: (name) => void held.delete(name),
    signed: (name) => `${url}${signedPath(`/${name}`, now().getTime() + mode.urlLifetimeMs)}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
