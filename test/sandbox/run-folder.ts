/** Where the product of one sandbox keeps its data. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const ownName = /^run-(\d+)-/;

/**
 * A new, empty folder below `dataDir`/sandbox. Those of sandboxes that were killed are taken away first: the shops and the till that
 * their records speak of are gone.
 */
export function runFolder(dataDir: string): { readonly path: string; remove(): void } {
  const home = path.resolve(dataDir, 'sandbox');
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(home)) {
    const pid = Number(ownName.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) rmSync(path.join(home, name), { recursive: true, force: true });
  }
  const own = path.join(home, `run-${process.pid}-${Date.now()}`);
  mkdirSync(own);
  return { path: own, remove: () => rmSync(own, { recursive: true, force: true }) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
