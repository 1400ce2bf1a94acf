/** Sends ready-made requests over a few open connections as fast as they are answered. Plain sockets, so that the sender costs little. */
import { connect, type Socket } from 'node:net';

export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A POST as it goes over the wire. */
export function wireOf(url: URL, posting: Posting): Buffer {
  const body = Buffer.from(posting.body);
  const headers = Object.entries({ ...posting.headers, host: url.host, 'content-length': String(body.length) });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${head}\r\n`), body]);
}

/** Resolves to the answers per second. Rejects when any answer is not 2xx. */
export async function pour(url: URL, wires: readonly Buffer[], connections: number): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, () => oneConnection()));
  return wires.length / ((performance.now() - startedAt) / 1000);

  function oneConnection(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(url.port), url.hostname);
      socket.setNoDelay(true);
      let answer = '';
      socket.on('connect', () => send(socket, resolve));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed a connection')));
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
        const end = lengthOf(answer);
        if (end === undefined || answer.length < end) return;
        if (!/^HTTP\/1\.1 2/.test(answer)) return reject(new Error(answer.slice(0, 500)));
        answer = answer.slice(end);
        send(socket, resolve);
      });
    });
  }

  function send(socket: Socket, done: () => void): void {
    const wire = wires[next];
    next += 1;
    if (wire) socket.write(wire);
    else {
      done();
      socket.destroy();
    }
  }
}

/** Head and body of the answer that `text` begins with; undefined until its head is there. */
function lengthOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  return head + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
}
