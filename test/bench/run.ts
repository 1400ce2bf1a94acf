/** `npm run bench [-- --only name]`: every benchmark in a process of its own, one table at the end, exit code 1 when a limit is missed. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { benchmarks } from './benchmarks.ts';
import { buildServer } from './build.ts';
import { throughTsx } from './remote.ts';
import { missed, type Row } from './result.ts';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const names = Object.keys(benchmarks).filter((name) => only === undefined || name === only);
if (names.length === 0) {
  console.error(`No benchmark is called ${only}. There are: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

buildServer();
let failed = false;
const rows: Row[] = [];
for (const name of names) {
  process.stderr.write(`${name} …\n`);
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [name], { execArgv: [...throughTsx] });
  let result: Row[] | undefined;
  child.on('message', (message) => {
    result = message as Row[];
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (result === undefined) {
    failed = true;
    console.error(`${name} did not finish (exit code ${code}).`);
  } else rows.push(...result);
}
print(rows);
process.exit(failed || rows.some(missed) ? 1 : 0);

function print(list: readonly Row[]): void {
  const cells = list.map((row) => [row.what, figure(row), limitOf(row), verdictOf(row), row.detail]);
  const table = [['what', 'measured', 'limit', '', 'from'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  for (const line of table) console.log(line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function figure({ measured, unit }: Row): string {
  return `${Number.isInteger(measured) ? measured : measured.toFixed(2)}${unit === undefined ? '' : ` ${unit}`}`;
}

function limitOf({ limit, unit }: Row): string {
  if (limit === undefined) return '';
  const words = 'atLeast' in limit ? `≥ ${limit.atLeast}` : `≤ ${limit.atMost}`;
  return unit === undefined ? words : `${words} ${unit}`;
}

function verdictOf(row: Row): string {
  return row.limit === undefined ? '' : missed(row) ? 'MISSED' : 'ok';
}
