/** Prints manifest.xml for another address: `npm run manifest -- --app-url https://your.host [--name Name] [--secret secret]`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderManifest } from './manifest.ts';

const { values } = parseArgs({ options: { 'app-url': { type: 'string' }, name: { type: 'string' }, secret: { type: 'string' } } });
const appUrl = values['app-url'];
if (appUrl === undefined) {
  process.stderr.write('Say where the server is: npm run manifest -- --app-url https://your.host\n');
  process.exit(1);
}
const text = readFileSync(new URL('../manifest.xml', import.meta.url), 'utf8');
process.stdout.write(
  renderManifest(text, {
    appUrl,
    ...(values.name !== undefined && { appName: values.name }),
    ...(values.secret !== undefined && { secret: values.secret }),
  }),
);
