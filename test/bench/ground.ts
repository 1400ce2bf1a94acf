/** What every benchmark stands on: an empty database, the real server in a process of its own, a shop and a till in another. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect, type Database } from '../../app-server/store/database.ts';
import { startEmbedded } from '../../app-server/store/embedded/start.ts';
import { builtServer } from './build.ts';
import { type Methods, type Remote, start } from './remote.ts';
import type { ThirdParties } from './third-parties.ts';

export interface Ground {
  readonly database: Database;
  /** For processes that open their own connection. */
  readonly uri: string;
  /** A process that answers calls; ends with the benchmark. */
  process<M extends Methods>(file: string): Remote<M>;
  /** Processor time of the database's process since its start, in milliseconds. */
  databaseCpuMs(): number;
  thirdParties(): Remote<ThirdParties>;
  server(environment?: Readonly<Record<string, string>>): Promise<Server>;
  stop(): Promise<void>;
}

export interface Server {
  readonly url: string;
  /** Resident memory now, in megabytes (10^6 bytes). */
  residentMb(): number;
  /** Processor time since its start, in milliseconds, all threads. */
  cpuMs(): number;
  stop(): Promise<void>;
}

export const dbName = 'bench';
/** The same in every process of a benchmark: one of them writes what another opens. */
export const encryptionKeys = `bench:${Buffer.alloc(32, 7).toString('base64')}`;
export const shopwareApp = { SHOPWARE_APP_NAME: 'Tillbridge', SHOPWARE_APP_SECRET: 'shopware-app-secret-of-the-tests' } as const;

export async function openGround(): Promise<Ground> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'tillbridge-bench-'));
  const engine = await startEmbedded({ dataDir });
  const database = await connect(engine.uri, dbName);
  const children: ChildProcess[] = [];
  const servers: Server[] = [];
  const ground: Ground = {
    database,
    uri: engine.uri,
    process(file) {
      const started = start(file);
      children.push(started.process);
      return started.remote as never;
    },
    databaseCpuMs: () => cpuMsOf(engine.pid()),
    thirdParties: () => ground.process<ThirdParties>('./third-parties.ts'),
    async server(environment = {}) {
      const server = await startServer({ ...environment, MONGODB_URI: withDatabase(engine.uri), DATA_DIR: dataDir });
      servers.push(server);
      return server;
    },
    async stop() {
      for (const server of servers) await server.stop();
      for (const child of children) child.kill();
      await database.close();
      await engine.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return ground;
}

export const withDatabase = (uri: string): string => uri.replace('/?', `/${dbName}?`);

async function startServer(environment: Readonly<Record<string, string>>): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const profile = process.env.BENCH_PROFILE;
  const child = spawn(
    process.execPath,
    [...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []), fileURLToPath(new URL('app-server/index.js', builtServer))],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'development',
        APP_URL: url,
        PORT: String(port),
        HOST: '127.0.0.1',
        ENCRYPTION_KEYS: encryptionKeys,
        JWT_SECRET: 'a-secret-of-the-benchmarks-only-0123456789',
        ALLOW_PRIVATE_HOSTS: '1',
        ...shopwareApp,
        ...environment,
      },
    },
  );
  const ended = once(child, 'exit');
  // A benchmark that is broken off takes its server along.
  process.once('exit', () => child.kill('SIGKILL'));
  let complained = false;
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with code ${code} while it started`)));
    // Read to the end, or the pipe fills and the server stands still.
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Tillbridge is ready.')) resolve();
      // One is enough to know what went wrong; a thousand would hide it.
      else if (/"level":[56]0/.test(line) && !complained) {
        complained = true;
        process.stderr.write(`${line.slice(0, 1_000)}\n`);
      }
    });
  });
  return {
    url,
    residentMb: () => (Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6,
    cpuMs: () => cpuMsOf(child.pid),
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await Promise.race([ended, pause(20_000).then(() => child.kill('SIGKILL'))]);
    },
  };
}

/** Clock ticks are hundredths of a second on Linux. */
function cpuMsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
