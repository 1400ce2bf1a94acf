/**
 * The engine as published for Linux asks for version GLIBC_2.38 of seven functions: strtol, strtoul, strtoll, strtoull, sscanf and
 * fscanf under their C23 names (`__isoc23_…`), and fmod. glibc 2.36 and 2.37 have all seven under the oldest version of the machine.
 * A copy of the library that asks for that version runs there; nothing else of the file changes.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const tooNew = 'GLIBC_2.38';
const c23Prefix = '__isoc23_';
const renamed = new Set(['strtol', 'strtoul', 'strtoll', 'strtoull', 'sscanf', 'fscanf'].map((name) => c23Prefix + name));

/** The oldest symbol version per ELF machine number (e_machine): x86-64 and AArch64. */
const oldest: Readonly<Record<number, string>> = { 62: 'GLIBC_2.2.5', 183: 'GLIBC_2.17' };

/** `2.36`, or `undefined` on musl, macOS and Windows. */
export function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}

/** What a glibc can do with the engine: run it as published, run the relinked copy, or neither. */
export function glibcFitness(version: string): 'as-published' | 'relinked' | 'too-old' {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== 2) return major > 2 ? 'as-published' : 'too-old';
  if (minor >= 38) return 'as-published';
  return minor >= 36 ? 'relinked' : 'too-old';
}

/**
 * Relinks the libraries of a package folder into a cache folder, once; returns the path of the `.node` file there.
 * Several processes may do it at once: the folder appears whole or not at all.
 */
export function relinkedCopy(packageDir: string, cacheDir: string): string {
  const libraries = readdirSync(packageDir).filter((name) => /\.(so|node)$/.test(name));
  const entry = libraries.find((name) => name.endsWith('.node'));
  if (entry === undefined) throw new Error(`${packageDir} holds no .node file`);
  const result = path.join(cacheDir, entry);
  if (existsSync(result)) return result;
  const draft = `${cacheDir}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    for (const name of libraries) writeFileSync(path.join(draft, name), relink(readFileSync(path.join(packageDir, name)), name));
    renameSync(draft, cacheDir);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(result)) throw error;
  }
  return result;
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

const sectionTypes = { dynamicSymbols: 11, neededVersions: 0x6ffffffe, symbolVersions: 0x6fffffff } as const;

/** Changes the bytes in place and returns them. Throws on anything that is not one of the seven functions. */
function relink(bytes: Buffer, name: string): Buffer {
  const isElf64LittleEndian = bytes.length > 64 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  if (!isElf64LittleEndian) throw new Error(`${name} is not a little-endian ELF64 file`);
  const machine = bytes.readUInt16LE(18);
  const version = oldest[machine];
  if (version === undefined) throw new Error(`${name} is for the unknown machine ${machine}`);

  const sections = sectionsOf(bytes);
  const symbols = sectionOf(sections, 'dynamicSymbols', name);
  const strings = sections[symbols.link];
  if (!strings) throw new Error(`${name} has no table of names`);
  const textAt = (offset: number): string => {
    const start = strings.offset + offset;
    return bytes.toString('latin1', start, bytes.indexOf(0, start));
  };

  const affected = lowerNeededVersion(bytes, { section: sectionOf(sections, 'neededVersions', name), strings, version, textAt, name });
  const versions = sectionOf(sections, 'symbolVersions', name);
  for (let index = 0; index < symbols.size / 24; index++) {
    if (!affected.has(bytes.readUInt16LE(versions.offset + index * 2) & 0x7fff)) continue;
    const nameField = symbols.offset + index * 24;
    const nameOffset = bytes.readUInt32LE(nameField);
    const symbol = textAt(nameOffset);
    if (renamed.has(symbol)) bytes.writeUInt32LE(nameOffset + c23Prefix.length, nameField);
    else if (symbol !== 'fmod') throw new Error(`${name} needs ${symbol} of ${tooNew}, which no older version replaces`);
  }
  return bytes;
}

function sectionsOf(bytes: Buffer): readonly Section[] {
  const table = Number(bytes.readBigUInt64LE(0x28));
  const entrySize = bytes.readUInt16LE(0x3a);
  return Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, index) => {
    const at = table + index * entrySize;
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
      link: bytes.readUInt32LE(at + 40),
      info: bytes.readUInt32LE(at + 44),
    };
  });
}

function sectionOf(sections: readonly Section[], kind: keyof typeof sectionTypes, name: string): Section {
  const section = sections.find((candidate) => candidate.type === sectionTypes[kind]);
  if (!section) throw new Error(`${name} has no section of the type ${kind}`);
  return section;
}

/** Rewrites each "needs GLIBC_2.38" and returns the version indexes that carried it. */
function lowerNeededVersion(
  bytes: Buffer,
  file: { section: Section; strings: Section; version: string; textAt(offset: number): string; name: string },
): ReadonlySet<number> {
  const found = bytes.indexOf(Buffer.from(`\0${file.version}\0`, 'latin1'), file.strings.offset);
  const versionName = found + 1 - file.strings.offset;
  if (found < 0 || versionName >= file.strings.size) throw new Error(`${file.name} does not mention ${file.version}`);
  const affected = new Set<number>();
  let library = file.section.offset;
  for (let index = 0; index < file.section.info; index++) {
    let need = library + bytes.readUInt32LE(library + 8);
    for (let rest = bytes.readUInt16LE(library + 2); rest > 0; rest--) {
      if (file.textAt(bytes.readUInt32LE(need + 8)) === tooNew) {
        affected.add(bytes.readUInt16LE(need + 6));
        bytes.writeUInt32LE(elfHash(file.version), need);
        bytes.writeUInt32LE(versionName, need + 8);
      }
      need += bytes.readUInt32LE(need + 12);
    }
    library += bytes.readUInt32LE(library + 12);
  }
  return affected;
}

/** The hash of the System V ABI, "Hash Table". */
function elfHash(text: string): number {
  let hash = 0;
  for (const byte of Buffer.from(text, 'latin1')) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = (hash & 0xf0000000) >>> 0;
    if (high !== 0) hash ^= high >>> 24;
    hash = (hash & ~high) >>> 0;
  }
  return hash;
}
