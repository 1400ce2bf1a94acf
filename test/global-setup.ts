/** One database engine for the whole run: MONGODB_URI when it is set, else the embedded one on a folder that is thrown away. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../app-server/store/embedded/start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mongodbUri: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.MONGODB_URI;
  if (given !== undefined && given !== '') {
    project.provide('mongodbUri', given);
    return async () => undefined;
  }
  const dataDir = mkdtempSync(path.join(tmpdir(), 'tillbridge-test-'));
  const engine = await startEmbedded({ dataDir });
  project.provide('mongodbUri', engine.uri);
  return async () => {
    await engine.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
