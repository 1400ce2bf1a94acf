/** The private folder of the database's socket. Its name carries the id of the process that made it. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const prefix = 'tillbridge-db-';
const socketName = 'mongodb.sock';

/** Makes a folder that only this user can enter (mkdtemp gives it 0700) and returns the path of the socket in it. */
export const newSocketPath = (): string => path.join(mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`)), socketName);

/** Removes the folders of processes that are gone and at whose socket nobody answers. */
export async function removeStaleSocketFolders(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = path.join(tmpdir(), name);
    // The folder may be another user's or, where containers share a folder, another machine's process.
    if (!(await answers(path.join(folder, socketName)))) removeQuietly(folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function answers(socketPath: string): Promise<boolean> {
  if (!existsSync(socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = net.connect(socketPath, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's: they tidy up.
  }
}
