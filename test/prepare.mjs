/** What a bare clone lacks before anything can run. Plain JavaScript without a dependency: it runs before they are installed. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Ends the process with one line that says what to do. */
export function stop(message) {
  console.error(message);
  process.exit(1);
}

/** The oldest Node that the packages of the lock file run on. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(`Tillbridge needs Node 20.19 or later; this is ${process.versions.node}. Install a newer Node from https://nodejs.org.`);
  }
}

/** Installs what the lock file says, unless that was done since the lock file last changed. */
export function installModules() {
  // npm writes this file last: a broken installation does not have it.
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return;
  console.log('Installing the node modules of package-lock.json …');
  const everything = ['--include=dev', '--include=optional'];
  if (npm(['ci', '--loglevel=silent', ...everything]).status === 0) return;
  // npm ci gives up where a registry lacks the native packages of other machines; npm install leaves those out. The versions and
  // checksums of the lock file hold here as well, and the file itself stays as it is.
  const { status, error } = npm(['install', '--no-save', '--loglevel=error', ...everything]);
  if (status !== 0) stop(`The node modules could not be installed; npm says why above.${error ? ` (${error.message})` : ''}`);
}

const pages = [
  { folder: 'app-server/screens', into: 'app-server/screens/dist', script: 'build:screens', what: 'the screens' },
  { folder: 'ecwid-app/storefront', into: 'dist/storefront', script: 'build:storefront', what: 'the shop window script' },
];

/** Builds what runs in browsers where a source is newer than what was built. */
export function buildPages() {
  for (const { folder, into, script, what } of pages) {
    if (modified(`${folder}/vite.config.ts`) < 0) continue;
    const built = newest(into, () => true);
    const sources = newest(folder, (name) => name !== 'dist' && name !== 'node_modules');
    if (built >= Math.max(sources, modified('package-lock.json'))) continue;
    console.log(`Building ${what} …`);
    if (npm(['run', '--silent', script]).status !== 0) stop(`Building ${what} failed; see above.`);
  }
}

/** Runs a Node program in this terminal, hands signals on to it and ends as it ends. */
export function become(programArguments, environment = {}) {
  const child = spawn(process.execPath, programArguments, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the child by itself; a second one would cut its tidying short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => stop(`It could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (system.signals[signal] ?? 0)));
}

/** The first of these programs on the search path, or `undefined`. */
export function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isProgram);
}

export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function npm(npmArguments) {
  const own = process.env.npm_execpath;
  const [program, before] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []];
  return spawnSync(program, [...before, ...npmArguments], { cwd: root, stdio: 'inherit' });
}

/** Milliseconds since 1970, or -1 when it is not there. */
function modified(file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

/** The latest change below a folder; folders below it count, so that a removed file is noticed. */
function newest(folder, wanted) {
  if (modified(folder) < 0) return -1;
  let latest = 0;
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    if (!wanted(entry.name)) continue;
    const inside = path.join(folder, entry.name);
    latest = Math.max(latest, modified(inside), entry.isDirectory() ? newest(inside, wanted) : 0);
  }
  return latest;
}
