/** Which commands reach the engine. Version 0.1.1 aborts its process on startSession and endSessions and drops the connection on others. */
import { BSON } from 'mongodb';

/** Commands that the product, its driver and Agenda send, and what a person needs to look around. The driver sends some in lower case. */
const allowed: ReadonlySet<string> = new Set([
  ...['hello', 'isMaster', 'ismaster', 'ping', 'buildInfo', 'buildinfo', 'listCommands', 'serverStatus'],
  ...['find', 'getMore', 'killCursors', 'aggregate', 'count', 'distinct', 'explain'],
  ...['insert', 'update', 'delete', 'findAndModify', 'findandmodify', 'bulkWrite'],
  ...['create', 'drop', 'dropDatabase', 'renameCollection', 'listCollections', 'listDatabases'],
  ...['createIndexes', 'dropIndexes', 'listIndexes'],
  ...['dbStats', 'dbstats', 'collStats', 'collstats', 'dataSize', 'validate', 'fsync', 'currentOp', 'killOp'],
]);

const opQuery = 2004;
const opMsg = 2013;
const headerBytes = 16;

/** The reply to a command that must not reach the engine, as a BSON document; `undefined` when it may. */
export function refusal(message: Buffer): Buffer | undefined {
  const name = commandName(message);
  if (name !== undefined && allowed.has(name)) return undefined;
  // Ending a session that was never opened is what a client does when it leaves.
  if (name === 'endSessions') return Buffer.from(BSON.serialize({ ok: 1 }));
  const errmsg = `The embedded database does not offer ${name === undefined ? 'this kind of message' : `'${name}'`}.`;
  return Buffer.from(BSON.serialize({ ok: 0, code: 59, codeName: 'CommandNotFound', errmsg }));
}

/** The first key of a message's body, which names the command (MongoDB wire protocol, OP_MSG and OP_QUERY). */
function commandName(message: Buffer): string | undefined {
  const body = bodyOffset(message);
  if (body === undefined) return undefined;
  // A document is an int32 length, then per element a type byte and a zero-terminated name.
  const start = body + 5;
  const end = message.indexOf(0, start);
  return end < 0 ? undefined : message.toString('utf8', start, end);
}

/** True when the sender wants no answer: the flag moreToCome of OP_MSG. */
export const wantsNoAnswer = (message: Buffer): boolean =>
  message.readInt32LE(12) === opMsg && message.length >= 20 && (message.readUInt32LE(headerBytes) & 2) !== 0;

export const isLegacy = (message: Buffer): boolean => message.readInt32LE(12) === opQuery;

function bodyOffset(message: Buffer): number | undefined {
  const operation = message.readInt32LE(12);
  if (operation === opQuery) {
    const nameEnd = message.indexOf(0, headerBytes + 4);
    return nameEnd < 0 ? undefined : nameEnd + 9;
  }
  if (operation !== opMsg) return undefined;
  let section = headerBytes + 4;
  // Kind 0 is the body; every other section starts with its own length.
  while (message[section] !== 0) {
    if (section + 5 > message.length) return undefined;
    const length = message.readInt32LE(section + 1);
    if (length < 4) return undefined;
    section += 1 + length;
  }
  return section + 5 > message.length ? undefined : section + 1;
}
