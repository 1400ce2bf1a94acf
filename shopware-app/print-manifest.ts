/**
 * Prints manifest.xml for another address: `npm run manifest -- --app-url https://your.host [--name Name] [--secret secret]`.
 * With `--folder dist/Tillbridge` it makes the folder that goes, zipped, into the Store or into `custom/apps`: the manifest and what it names.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderManifest } from './manifest.ts';

const { values } = parseArgs({
  options: { 'app-url': { type: 'string' }, name: { type: 'string' }, secret: { type: 'string' }, folder: { type: 'string' } },
});
const { 'app-url': appUrl, name, secret, folder } = values;
if (appUrl === undefined) {
  process.stderr.write('Say where the server is: npm run manifest -- --app-url https://your.host\n');
  process.exit(1);
}
const text = renderManifest(readFileSync(new URL('../manifest.xml', import.meta.url), 'utf8'), {
  appUrl,
  ...(name !== undefined && { appName: name }),
  ...(secret !== undefined && { secret }),
});
if (folder === undefined) process.stdout.write(text);
else {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'manifest.xml'), text);
  cpSync(fileURLToPath(new URL('Resources', import.meta.url)), path.join(folder, 'Resources'), { recursive: true });
}
