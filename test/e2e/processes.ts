/** The product as an operator runs it: several processes behind one address, killed without warning and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Processes {
  /** The address that shop and browser know. */
  readonly url: string;
  readonly kills: number;
  /** What the processes wrote as errors. */
  readonly errors: readonly string[];
  /** Rejects when a process did not come up again. */
  readonly broken: Promise<never>;
  /** Every process answers. */
  ready(): Promise<void>;
  /** SIGKILL to one of them; it starts again at once. */
  kill(which: number): void;
  stop(): Promise<void>;
}

interface Slot {
  child: ChildProcess;
  gone: Promise<void>;
  /** Resolves to the port, or rejects when the process ended before it listened. */
  answering: Promise<number>;
  port: number | undefined;
}

/** Starts `count` processes with both roles once their environment is known. */
export async function openProcesses(count: number, environment: (url: string) => Readonly<Record<string, string>>): Promise<Processes> {
  const errors: string[] = [];
  const slots: Slot[] = [];
  let kills = 0;
  let next = 0;
  let stopping = false;
  let breakDown: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    breakDown = reject;
  });
  broken.catch(() => undefined);
  const proxy = createServer((incoming, outgoing) => {
    next += 1;
    const order = slots.map((_, index) => slots[(next + index) % slots.length]).filter((slot) => slot !== undefined);
    forward(incoming, outgoing, order);
  });
  const url = `http://127.0.0.1:${await listening(proxy)}`;
  const start = (): Slot => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'app-server/index.ts'], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ...environment(url) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const answering = new Promise<number>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (/"level":[56]0/.test(line)) errors.push(line);
        if (line.includes('Tillbridge is ready.')) resolve((JSON.parse(line) as { port: number }).port);
      });
      gone.then(
        () => !stopping && child.signalCode !== 'SIGKILL' && reject(new Error(`the server ended while it started: ${errors.join('')}`)),
      );
    });
    const slot: Slot = { child, gone, answering, port: undefined };
    answering.then(
      (port) => {
        slot.port = port;
      },
      (error: unknown) => breakDown(error),
    );
    return slot;
  };
  for (let index = 0; index < count; index += 1) slots.push(start());
  return {
    url,
    errors,
    broken,
    get kills() {
      return kills;
    },
    async ready() {
      await Promise.race([Promise.all(slots.map((slot) => slot.answering)), broken]);
    },
    kill(which) {
      const index = which % slots.length;
      const slot = slots[index];
      if (slot === undefined) return;
      kills += 1;
      slot.child.kill('SIGKILL');
      const answering = slot.gone.then(() => {
        if (stopping) return 0;
        const fresh = start();
        slots[index] = fresh;
        return fresh.answering;
      });
      answering.catch(() => undefined);
      slots[index] = { ...slot, port: undefined, answering };
    },
    async stop() {
      stopping = true;
      for (const { child } of slots) child.kill('SIGKILL');
      await Promise.all(slots.map(({ gone }) => gone));
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** Tries one process after the other, as a load balancer does while it has no answer. */
async function forward(incoming: IncomingMessage, outgoing: ServerResponse, slots: readonly Slot[]): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  for (const { port } of slots) {
    if (port === undefined) continue;
    const answered = await new Promise<boolean>((resolve) => {
      const { method, url, headers } = incoming;
      const sent = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on('error', () => outgoing.destroy());
        resolve(true);
      });
      sent.on('error', () => resolve(outgoing.headersSent));
      sent.end(body);
    });
    if (answered) return;
  }
  outgoing.writeHead(503).end();
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** The same database server, another database. */
export const inDatabase = (uri: string, name: string): string => uri.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*/, `$1/${name}`);
