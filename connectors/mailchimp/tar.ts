/** The results of a batch: a gzipped tar, read entry by entry, so that no more than one of its files is in memory at a time. */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure } from '../failure.ts';

const block = 512;
/** Far above what 500 operations answer; a small archive that unfolds to more is not one of Mailchimp's. */
const mostBytes = 512 * 1024 * 1024;

export interface Entry {
  readonly name: string;
  readonly data: Buffer;
}

/** Plain files of a `.tar.gz` in their order (POSIX ustar). Throws Failure retry where it is damaged or cut short. */
export async function* entriesOf(archive: Buffer): AsyncGenerator<Entry> {
  const gunzip = createGunzip();
  const source = Readable.from([archive]);
  source.on('error', (error) => gunzip.destroy(error));
  const bytes = source.pipe(gunzip);
  let held: Buffer[] = [];
  let size = 0;
  let total = 0;
  const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;

  /** `undefined`: the archive ended before. */
  async function take(length: number): Promise<Buffer | undefined> {
    while (size < length) {
      const { done, value } = await chunks.next().catch((error: unknown) => {
        throw damaged(error);
      });
      if (done === true) return undefined;
      total += value.length;
      if (total > mostBytes) throw damaged();
      held.push(value);
      size += value.length;
    }
    const joined = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    held = [joined.subarray(length)];
    size = joined.length - length;
    return joined.subarray(0, length);
  }

  try {
    for (;;) {
      const header = await take(block);
      // Two empty blocks end an archive; some writers leave them out.
      if (header === undefined || header.every((byte) => byte === 0)) return;
      const length = sizeOf(header);
      const content = await take(Math.ceil(length / block) * block);
      if (content === undefined) throw damaged();
      const type = String.fromCharCode(header[156] ?? 0);
      if (type === '0' || type === '\0') yield { name: textOf(header.subarray(0, 100)), data: content.subarray(0, length) };
    }
  } finally {
    gunzip.destroy();
  }
}

const textOf = (field: Buffer): string => field.toString('utf8').replace(/\0.*$/s, '');

/** Octal digits; larger files have a binary number behind a set first bit (GNU). */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const digits = textOf(field).trim();
  if (!/^[0-7]{1,11}$/.test(digits)) throw damaged();
  return Number.parseInt(digits, 8);
}

const damaged = (cause?: unknown): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'mailchimp.results-unreadable',
    message: 'The results of a batch cannot be read. What it did is looked at before anything is repeated.',
    ambiguous: true,
    ...(cause !== undefined && { cause }),
  });
