/** `npm test`: from a bare clone to the result of every suite. `--long` sets TEST_LONG=1, by which suites run longer; other arguments go to vitest. */
import { spawnSync } from 'node:child_process';
import { become, buildPages, findProgram, installModules, isProgram, requireNode, stop } from './prepare.mjs';

const browserNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const advice = 'Install it (Debian and Ubuntu: apt-get install chromium) or set CHROMIUM_PATH to the program of a Chromium or Chrome.';

requireNode();
const chromium = findChromium() ?? installChromium();
installModules();
buildPages();
const given = process.argv.slice(2);
const passedOn = given.filter((argument) => argument !== '--long');
become(['node_modules/vitest/vitest.mjs', 'run', ...passedOn], {
  CHROMIUM_PATH: chromium,
  ...(passedOn.length < given.length && { TEST_LONG: '1' }),
});

function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (!given) return findProgram(browserNames);
  return isProgram(given) ? given : stop(`CHROMIUM_PATH is ${given}, which is no program. ${advice}`);
}

function installChromium() {
  if (process.getuid?.() !== 0 || !findProgram(['apt-get'])) stop(`The browser tests need Chromium. ${advice}`);
  console.log('Installing Chromium …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    if (spawnSync('apt-get', ['-q', ...step], { stdio: 'inherit', env }).status !== 0) stop(`Chromium could not be installed. ${advice}`);
  }
  return findProgram(browserNames) ?? stop(`Chromium was installed but is not on the search path. ${advice}`);
}
