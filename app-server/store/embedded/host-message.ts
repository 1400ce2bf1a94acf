/** What the engine's process tells the server once, after it tried to open the data folder. */
export type HostMessage = { readonly type: 'ready' } | { readonly type: 'failed'; readonly message: string };
