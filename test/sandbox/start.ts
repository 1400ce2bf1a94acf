/** What `npm start` runs once everything is installed and built. `--open` opens the page in the browser of this machine. */
import { spawn } from 'node:child_process';
import { openSandbox, type Sandbox } from './sandbox.ts';

const firstPort = 4000;
const portsTried = 20;
const dataDir = process.env.DATA_DIR || './.data';

let sandbox: Sandbox | undefined;
let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await sandbox?.stop();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Asked twice, it does not wait: the product notices that it is alone and ends by itself.
    if (ending) process.exit(130);
    console.log('\nThe sandbox ends …');
    void end(0);
  });
}

try {
  console.log('Opening the sandbox …');
  const opened = await open();
  sandbox = opened;
  if (ending) await opened.stop();
  else welcome(opened);
} catch (error) {
  console.error(`The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** On the first port that is free; says so when it is not the usual one. */
async function open(): Promise<Sandbox> {
  for (let port = firstPort; port < firstPort + portsTried; port += 1) {
    try {
      return await openSandbox({ port, dataDir });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      console.log(`Port ${port} is taken ${await taker(port)}; the next one is tried.`);
    }
  }
  throw new Error(`the ports ${firstPort} to ${firstPort + portsTried - 1} are all taken. End what listens there.`);
}

async function taker(port: number): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/sandbox/stage.json`, { signal: AbortSignal.timeout(2_000) });
    const { pid } = (await answer.json()) as { pid?: number };
    if (typeof pid === 'number') return `by a sandbox that still runs (process ${pid}, http://127.0.0.1:${port}/sandbox/)`;
  } catch {
    // Something else listens there.
  }
  return 'by another program';
}

function welcome(opened: Sandbox): void {
  console.log(`
  Tillbridge sandbox   ${opened.url}
  The product          ${opened.app.url} (process ${opened.app.pid})

  Ctrl-C ends it. The simulated systems and the product's records are made anew at every start.
`);
  void opened.app.ended.then(() => {
    if (ending) return;
    console.error('The product ended by itself; its last words are above. The sandbox ends as well.');
    void end(1);
  });
  if (process.argv.includes('--open')) show(opened.url);
}

function show(url: string): void {
  const [program, ...before] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform as string] ?? ['xdg-open'];
  const child = spawn(program ?? 'xdg-open', [...before, url], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('No browser could be opened; open the address above by hand.'));
  child.unref();
}
