/** Serves the engine to MongoDB drivers on a Unix socket. */
import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';
import { isLegacy, refusal, wantsNoAnswer } from './guard.ts';

/** What the engine does with one wire message. `legacy`: answer with OP_REPLY. `moreToCome`: no answer is wanted. */
export interface RoundTrips {
  roundTrip(message: Buffer): Promise<{ requestId: number; moreToCome: boolean; legacy: boolean; response: Buffer }>;
}

const headerBytes = 16;
/** The protocol's own limit of one message (maxMessageSizeBytes in hello). */
const longestMessage = 48_000_000;

/** Listens on the path, in place of whatever an earlier process left there. Resolves with the function that closes everything. */
export async function serve(engine: RoundTrips, socketPath: string): Promise<() => Promise<void>> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that went away is noticed by 'close'; an unhandled 'error' would end the process.
    socket.on('error', () => socket.destroy());
    answerAll(engine, socket);
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

/** Answers a connection's messages one after the other: a driver waits for each before it sends the next. */
function answerAll(engine: RoundTrips, socket: net.Socket): void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let queue = Promise.resolve();
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.length;
    for (;;) {
      if (buffered < headerBytes) return;
      const first = chunks[0];
      if (first === undefined || first.length < 4) chunks = [Buffer.concat(chunks)];
      const length = (chunks[0] as Buffer).readInt32LE(0);
      if (length < headerBytes || length > longestMessage) {
        socket.destroy();
        return;
      }
      if (buffered < length) return;
      const all = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const message = all.subarray(0, length);
      chunks = all.length > length ? [all.subarray(length)] : [];
      buffered = all.length - length;
      queue = queue.then(() => answer(engine, socket, message)).catch(() => void socket.destroy());
    }
  });
}

async function answer(engine: RoundTrips, socket: net.Socket, message: Buffer): Promise<void> {
  const refused = refusal(message);
  if (refused !== undefined) {
    if (!wantsNoAnswer(message)) socket.write(frame(refused, { requestId: message.readInt32LE(4), legacy: isLegacy(message) }));
    return;
  }
  const result = await engine.roundTrip(message);
  if (!result.moreToCome && !socket.destroyed) socket.write(frame(result.response, result));
}

/** A reply as OP_MSG with one body section, or as OP_REPLY with one document. */
function frame(body: Buffer, to: { requestId: number; legacy: boolean }): Buffer {
  const extra = to.legacy ? 20 : 5;
  const reply = Buffer.alloc(headerBytes + extra + body.length);
  reply.writeInt32LE(reply.length, 0);
  reply.writeInt32LE(to.requestId, 8);
  reply.writeInt32LE(to.legacy ? 1 : 2013, 12);
  if (to.legacy) reply.writeInt32LE(1, headerBytes + 16);
  body.copy(reply, headerBytes + extra);
  return reply;
}
