/** The real product in a process of its own, as an operator would run it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Product {
  /** Base address, without a slash at the end. */
  readonly url: string;
  readonly pid: number | undefined;
  /** Resolves when the process is gone, asked or not. */
  readonly ended: Promise<void>;
  /** Lets what is under way end; resolves when the process and its database are gone. */
  stop(): Promise<void>;
}

export interface ProductOptions {
  readonly url: string;
  /** Holds its database and its secrets. */
  readonly dataDir: string;
  /** Of the shop platforms. */
  readonly environment: Readonly<Record<string, string>>;
  /** Hears every warning and error of the product's log, as one line. */
  readonly warned: (line: string) => void;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const warning = 40;
const stopLimitMs = 40_000;

/** Resolves when it serves requests; rejects with the product's own words when it cannot start. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { url, dataDir, warned } = options;
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', './test/sandbox/end-with-parent.mjs', 'app-server/index.ts'], {
    cwd: root,
    // Its own process group: Ctrl-C reaches the sandbox alone, which ends the product while shop and till are still there.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      // What an operator may have set for another installation does not reach this one.
      ...{ NODE_ENV: 'development', MONGODB_URI: '', ENCRYPTION_KEYS: '', JWT_SECRET: '', SMTP_URL: '', ROLE: 'both' },
      ...options.environment,
      APP_URL: url,
      HOST: '127.0.0.1',
      PORT: new URL(url).port,
      DATA_DIR: dataDir,
      ALLOW_PRIVATE_HOSTS: '1',
      LOG_LEVEL: 'info',
      // A real shop is looked at once a minute; nobody watches a sandbox for that long.
      POLL_EVERY_MS: '5000',
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await ready(child, warned);
  return {
    url,
    pid: child.pid,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      await ended;
      clearTimeout(limit);
    },
  };
}

/** Told by the product's log, so that nobody has to ask again and again. */
function ready(child: ChildProcess, warned: (line: string) => void): Promise<void> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The product was started without its output.');
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    let started = false;
    createInterface({ input: stderr }).on('line', (line) => {
      if (started) warned(line);
      else said.push(line);
    });
    createInterface({ input: stdout }).on('line', (line) => {
      const entry = entryOf(line);
      if (entry?.msg === 'Tillbridge is ready.') {
        started = true;
        resolve();
      } else if (entry === undefined || entry.level >= warning) warned(line);
    });
    child.once('error', reject);
    // `close` and not `exit`: by then its last words have been read.
    child.once('close', () => reject(new Error(said.join('\n') || 'Tillbridge ended while it started.')));
  });
}

function entryOf(line: string): { level: number; msg: string } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value ? (value as { level: number; msg: string }) : undefined;
  } catch {
    return undefined;
  }
}

/** An address on this machine that nobody listens on. */
export async function freeAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
