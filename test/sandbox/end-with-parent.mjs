/** Preloaded into the product: when the sandbox dies without a word, the product ends as well, and its database with it. */
const end = () => process.kill(process.pid, 'SIGTERM');

if (process.connected) process.on('disconnect', end);
else end();
