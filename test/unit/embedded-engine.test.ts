import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MongoClient, MongoError } from 'mongodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../app-server/store/database.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../app-server/store/embedded/start.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
});

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'tillbridge-engine-'));
  cleanUp.push(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function start(dataDir: string, log: string[] = []): Promise<EmbeddedDatabase> {
  const engine = await startEmbedded({ dataDir, log: { warn: (_facts, message) => void log.push(message) } });
  cleanUp.push(() => engine.stop());
  return engine;
}

async function client(uri: string): Promise<MongoClient> {
  const connected = await new MongoClient(uri).connect();
  cleanUp.push(() => connected.close());
  return connected;
}

const socketOf = (uri: string): string => decodeURIComponent(uri.slice('mongodb://'.length, uri.indexOf('/?')));

describe('the embedded database', () => {
  it('keeps every acknowledged write when it is killed while it writes, and is back at the same address', async () => {
    const log: string[] = [];
    const engine = await start(folder(), log);
    const records = (await client(engine.uri)).db('shop').collection<{ _id: number }>('records');
    const acknowledged: number[] = [];
    const killed = new Set<number>();
    let refused = 0;
    for (let id = 0; id < 600; id++) {
      const pid = engine.pid();
      if (id % 150 === 100 && pid !== undefined) {
        // Not awaited: the engine dies with writes on their way.
        for (let extra = 0; extra < 20; extra++) {
          const lost = 10_000 + id * 100 + extra;
          void records.insertOne({ _id: lost }).then(
            () => acknowledged.push(lost),
            () => refused++,
          );
        }
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      try {
        await records.insertOne({ _id: id });
        acknowledged.push(id);
      } catch (error) {
        if (!(error instanceof MongoError)) throw error;
        refused++;
      }
    }
    expect(killed.size).toBe(4);
    expect(refused).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(550);
    const stored = new Set((await records.find().toArray()).map((record) => record._id));
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(log.filter((line) => line.includes('is back'))).toHaveLength(4);
    expect(killed.has(engine.pid() ?? 0)).toBe(false);
  });

  it('serves an open connection again after it was killed, without anybody reconnecting', async () => {
    const engine = await start(folder());
    const database = await connect(engine.uri, 'shop');
    cleanUp.push(() => database.close());
    const records = database.connection.collection('records');
    await records.insertOne({ name: 'before' });
    process.kill(engine.pid() ?? 0, 'SIGKILL');
    // The first call may still meet the dying socket.
    const names = await vi.waitFor(async () => (await records.find().toArray()).map((record) => record.name), { timeout: 10_000 });
    expect(names).toEqual(['before']);
    await records.insertOne({ name: 'after' });
    expect(await records.countDocuments()).toBe(2);
  });

  it('ends by itself, with everything closed, when the server is killed', async () => {
    const dataDir = folder();
    const startModule = new URL('../../app-server/store/embedded/start.ts', import.meta.url).href;
    const script = `
      const { startEmbedded } = await import(${JSON.stringify(startModule)});
      const { MongoClient } = await import('mongodb');
      const engine = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} });
      await new MongoClient(engine.uri).db('shop').collection('records').insertOne({ name: 'kept' });
      console.log(engine.uri);`;
    const server = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [uri] = await once(server.stdout, 'data');
    server.kill('SIGKILL');
    // The engine holds the server's stderr: only when both are gone the streams close.
    await once(server, 'close');
    expect(existsSync(path.join(dataDir, 'owner.pid'))).toBe(false);
    expect(existsSync(socketOf(String(uri).trim()))).toBe(false);
    const engine = await start(dataDir);
    expect(await (await client(engine.uri)).db('shop').collection('records').countDocuments()).toBe(1);
  });

  it('refuses a second process on the same folder and names folder and process', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await expect(startEmbedded({ dataDir })).rejects.toThrow(`The data folder ${dataDir} is in use by the process ${process.pid}.`);
    await expect(startEmbedded({ dataDir })).rejects.toThrow('MONGODB_URI');
    expect(await (await client(first.uri)).db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
  });

  it('gives the folder free when it is stopped, with the data in it', async () => {
    const dataDir = folder();
    const first = await start(dataDir);
    await (await client(first.uri)).db('shop').collection('records').insertOne({ name: 'kept' });
    const pid = first.pid() ?? 0;
    await first.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(path.dirname(socketOf(first.uri)))).toBe(false);
    const second = await start(dataDir);
    expect(await (await client(second.uri)).db('shop').collection('records').countDocuments()).toBe(1);
  });

  it('answers commands that would end the engine with a refusal', async () => {
    const engine = await start(folder());
    const pid = engine.pid();
    const db = (await client(engine.uri)).db('shop');
    await expect(db.command({ startSession: 1 })).rejects.toThrow("does not offer 'startSession'");
    await expect(db.command({ collMod: 'records' })).rejects.toMatchObject({ code: 59, codeName: 'CommandNotFound' });
    expect(await db.command({ endSessions: [] })).toMatchObject({ ok: 1 });
    expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
    expect(engine.pid()).toBe(pid);
  });

  it('can be reached by its owner alone', async () => {
    const engine = await start(folder());
    const socket = socketOf(engine.uri);
    expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
  });

  it('takes messages that arrive in many pieces', async () => {
    const engine = await start(folder());
    const records = (await client(engine.uri)).db('shop').collection('records');
    const text = 'x'.repeat(4_000_000);
    await records.insertMany([{ text }, { text }, { text }]);
    expect((await records.find().toArray()).map((record) => record.text.length)).toEqual([4_000_000, 4_000_000, 4_000_000]);
  });
});
