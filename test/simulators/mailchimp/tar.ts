/** A ustar archive (POSIX.1-1988), gzipped: the form of the results of a batch. */
import { gzipSync } from 'node:zlib';

const block = 512;

function header(name: string, size: number, kind: 'file' | 'folder'): Buffer {
  const bytes = Buffer.alloc(block);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  bytes.write(name, 0, 100);
  bytes.write(octal(kind === 'file' ? 0o644 : 0o755, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(0, 11), 136);
  // The sum counts its own place as blanks.
  bytes.fill(' ', 148, 156);
  bytes.write(kind === 'file' ? '0' : '5', 156);
  bytes.write('ustar\x0000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** A folder `./`, then the files in it. */
export function tarGz(files: readonly { readonly name: string; readonly text: string }[]): Buffer {
  const parts = [header('./', 0, 'folder')];
  for (const { name, text } of files) {
    const content = Buffer.from(text);
    const rest = content.length % block;
    parts.push(header(`./${name}`, content.length, 'file'), content, Buffer.alloc(rest === 0 ? 0 : block - rest));
  }
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}
