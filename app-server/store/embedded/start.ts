/** Runs MongoDB's engine in a supervised child process, for trying out, development and tests. Production sets MONGODB_URI. */
import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { HostMessage } from './host-message.ts';
import { newSocketPath, removeStaleSocketFolders } from './socket-folder.ts';

export interface EmbeddedDatabase {
  /** Stays the same when the engine is started again, so that drivers reconnect by themselves. */
  readonly uri: string;
  /** The engine's process; `undefined` while it is being started again. */
  pid(): number | undefined;
  /** Resolves when the data is closed and the process is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Holds `mongodb/` (the data) and `owner.pid`. One process at a time. */
  readonly dataDir: string;
  /** Told when the engine ended unasked and when it is back. */
  readonly log?: { warn(facts: Readonly<Record<string, unknown>>, message: string): void };
}

const longestPauseMs = 5_000;
const stopLimitMs = 30_000;

/**
 * Starts the engine on a folder and starts it again whenever it dies. Rejects with one sentence that says what to do when the folder is
 * in use by another process or this machine has no engine.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  await removeStaleSocketFolders();
  const dataDir = path.resolve(options.dataDir);
  const socketPath = newSocketPath();
  const removeSocketFolder = (): void => rmSync(path.dirname(socketPath), { recursive: true, force: true });
  const stopping = new AbortController();
  let child: ChildProcess | undefined;
  let restart: Promise<void> | undefined;

  async function launch(): Promise<void> {
    const next = await startHost(dataDir, socketPath);
    child = next;
    next.once('exit', (code, signal) => {
      child = undefined;
      if (stopping.signal.aborted) return;
      options.log?.warn({ code, signal, dataDir }, 'The embedded database ended; it is started again.');
      restart = keepTrying();
    });
  }

  async function keepTrying(): Promise<void> {
    for (let pauseMs = 100; !stopping.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        await launch();
        options.log?.warn({ dataDir }, 'The embedded database is back.');
        return;
      } catch (error) {
        options.log?.warn({ error: String(error), dataDir }, 'The embedded database does not start; it is tried again.');
        await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  try {
    await launch();
  } catch (error) {
    removeSocketFolder();
    throw error;
  }
  return {
    uri: `mongodb://${encodeURIComponent(socketPath)}/?directConnection=true&journal=true`,
    pid: () => child?.pid,
    async stop() {
      stopping.abort();
      await restart;
      if (child) await stopHost(child);
      removeSocketFolder();
    },
  };
}

/** Resolves once the host serves its socket; rejects with the host's own words. */
function startHost(dataDir: string, socketPath: string): Promise<ChildProcess> {
  const here = fileURLToPath(import.meta.url);
  const extension = path.extname(here);
  const child = fork(path.join(path.dirname(here), `host${extension}`), [dataDir, socketPath], {
    execArgv: extension === '.ts' ? ['--import', pathToFileURL(createRequire(here).resolve('tsx')).href] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Its own process group: Ctrl-C reaches the server alone, which still needs the database to drain.
    detached: true,
  });
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      reject(new Error(`The embedded database ended while it started (${signal ?? `exit code ${code}`}).`));
    };
    child.on('error', reject);
    child.once('exit', ended);
    child.once('message', (message: HostMessage) => {
      child.off('exit', ended);
      if (message.type === 'ready') resolve(child);
      else child.once('exit', () => reject(new Error(message.message)));
    });
  });
}

async function stopHost(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.send('stop');
  else child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await gone;
  clearTimeout(limit);
}
