/** Runs one benchmark in this process and hands its rows to the parent. */
import { benchmarks } from './benchmarks.ts';

const benchmark = benchmarks[process.argv[2] ?? ''];
if (benchmark === undefined) throw new Error(`no benchmark is called ${process.argv[2]}`);
process.on('SIGTERM', () => process.exit(1));
process.on('SIGINT', () => process.exit(1));
process.on('disconnect', () => process.exit(1));
const rows = await benchmark();
process.send?.(rows, () => process.exit(0));
