/** The child process that owns the engine, so that a crash of the engine is not a crash of the server. Started by start.ts. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';
import { removeExpired } from './expiry.ts';
import type { HostMessage } from './host-message.ts';
import { loadEngine } from './native.ts';
import { serve } from './wire.ts';

const expirySweepMs = 60_000;
const [dataDir = '', socketPath = ''] = process.argv.slice(2);

/** Closing starts by itself on each of these; the handlers stand before the engine opens so that none is missed. */
let close: (() => Promise<void>) | undefined;
let closing = false;
function end(): void {
  if (closing) return;
  closing = true;
  void (close?.() ?? Promise.resolve()).then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('disconnect', () => {
  rmSync(path.dirname(socketPath), { recursive: true, force: true });
  end();
});
process.on('message', (message) => {
  if (message === 'stop') end();
});

try {
  close = await open();
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'failed', message: explain(error) }, () => process.exit(1));
}

async function open(): Promise<() => Promise<void>> {
  const engineDir = path.join(dataDir, 'mongodb');
  mkdirSync(engineDir, { recursive: true, mode: 0o700 });
  const engine = await loadEngine(path.join(dataDir, 'engine')).open(engineDir);
  writeFileSync(ownerFile(), `${process.ppid}\n`);
  const closeSocket = await serve(engine, socketPath);
  const client = new MongoClient(`mongodb://${encodeURIComponent(socketPath)}/?directConnection=true&journal=true`, { maxPoolSize: 1 });
  const sweep = setInterval(() => {
    // What could not be removed now is removed by the next sweep.
    void removeExpired(client, new Date()).catch(() => undefined);
  }, expirySweepMs);
  return async () => {
    clearInterval(sweep);
    await client.close().catch(() => undefined);
    await closeSocket();
    rmSync(ownerFile(), { force: true });
    await engine.close();
  };
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!message.includes('DBPathInUse')) return message;
  return `The data folder ${dataDir} is in use by the process ${owner()}. Stop that process, or set DATA_DIR to another folder or MONGODB_URI to a MongoDB server.`;
}

/** The engine's own lock decides; this file only says whose it is. */
function ownerFile(): string {
  return path.join(dataDir, 'owner.pid');
}

function owner(): string {
  try {
    return readFileSync(ownerFile(), 'utf8').trim();
  } catch {
    return 'that is just starting or ending';
  }
}

function tell(message: HostMessage, then?: () => void): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, then);
  else then?.();
}
