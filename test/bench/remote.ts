/** Calls between the processes of a benchmark: each part has a process of its own, so that none pays for the others. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export type Methods = Readonly<Record<string, (argument: never) => unknown>>;
/** The same methods as seen from another process. */
export type Remote<M extends Methods> = {
  readonly [K in keyof M]: (...given: Parameters<M[K]>) => Promise<Awaited<ReturnType<M[K]>>>;
};

interface Call {
  readonly id: number;
  readonly method: string;
  readonly argument: unknown;
}
type Reply = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** Node's options that let a child process read this project's sources. */
export const throughTsx: readonly string[] = ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];

/** In the child: answers calls until the parent is gone. */
export function serve(methods: Methods): void {
  process.on('message', async ({ id, method, argument }: Call) => {
    const reply = await answered(methods[method], argument);
    process.send?.({ id, ...reply });
  });
  process.on('disconnect', () => process.exit(0));
}

async function answered(method: Methods[string] | undefined, argument: unknown): Promise<Omit<Reply, 'id'>> {
  try {
    return { value: await method?.(argument as never) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** In the parent: starts a file of this folder and calls what it serves. */
export function start<M extends Methods>(file: string): { readonly remote: Remote<M>; readonly process: ChildProcess } {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], { execArgv: [...throughTsx], serialization: 'advanced' });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) call?.resolve(reply.value);
    else call?.reject(new Error(`${file}: ${reply.error}`));
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended.`));
  });
  const remote = new Proxy({} as Remote<M>, {
    get: (_target, method) => (argument: unknown) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        child.send({ id: last, method, argument } as Call);
      }),
  });
  return { remote, process: child };
}
