/** `npm start`: from a bare clone to the open sandbox. */
import { become, buildPages, installModules, requireNode } from '../prepare.mjs';

requireNode();
installModules();
buildPages();
become(['--import', 'tsx', 'test/sandbox/start.ts', ...process.argv.slice(2)]);
