import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { directionsTable, withTable } from '../../app-server/directions.ts';

it('is in the README what the connectors declare', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(withTable(readme), 'run npm run directions').toBe(readme);
  expect(directionsTable().split('\n')).toHaveLength(7);
});
