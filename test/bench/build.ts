/** The server as it runs in production: compiled, without a loader in the same process. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
/** Inside node_modules, so that its imports are found and nobody takes it for a source. */
export const builtServer = new URL('node_modules/.cache/bench/', root);

/** Throws when the sources do not compile. */
export function buildServer(): void {
  const out = fileURLToPath(builtServer);
  rmSync(out, { recursive: true, force: true });
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', out], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  });
  for (const page of ['app-server/screens/dist', 'ecwid-app/storefront/dist']) {
    const from = new URL(page, root);
    if (existsSync(from)) cpSync(from, new URL(page, builtServer), { recursive: true });
  }
  if (status !== 0) throw new Error('The server does not compile.');
}
