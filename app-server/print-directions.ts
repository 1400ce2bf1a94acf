/** Writes the table of directions into the README: `npm run directions`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withTable } from './directions.ts';

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withTable(readFileSync(readme, 'utf8')));
