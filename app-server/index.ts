/** The process: reads the environment, opens the database, listens, and ends cleanly. */
import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import pino from 'pino';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { connect } from './store/database.ts';
import { startEmbedded } from './store/embedded/start.ts';

// Left alone, V8 lets the heap of a server with much memory grow to four times of what lives in it before it looks for what is dead: after a burst
// of webhooks that stays for good. What lives here is small, so looking sooner costs little.
setFlagsFromString('--heap-growing-percent=50');

const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(`Tillbridge cannot start:\n${read.problems.map((problem) => `  - ${problem}\n`).join('')}`);
  process.exit(1);
}
const { config } = read;
const log = pino({ level: config.logLevel });
for (const note of read.notes) log.info(note);

try {
  await run();
} catch (error) {
  process.stderr.write(`Tillbridge cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  const embedded = config.mongodbUri === undefined ? await startEmbedded({ dataDir: config.dataDir, log }) : undefined;
  const database = await connect(config.mongodbUri ?? embedded?.uri ?? '');
  const app = await createApp({ config, database, log });
  const server = createServer(app.http);
  server.requestTimeout = 30_000;
  if (config.roles.web) {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.port, config.host, resolve);
    });
  }
  await app.start();
  const address = server.address();
  log.info(
    { port: typeof address === 'object' ? address?.port : undefined, roles: config.roles, database: embedded ? 'embedded' : 'mongodb' },
    'Tillbridge is ready.',
  );

  let ending = false;
  const end = async (signal: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info({ signal }, 'Tillbridge stops: what is under way ends first.');
    server.close();
    server.closeIdleConnections();
    await app.stop();
    await database.close();
    await embedded?.stop();
    // Agenda keeps a timer of half its lock lifetime after a job; everything is closed by now.
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void end(signal));
  process.on('SIGINT', (signal) => void end(signal));
}
