import { ref } from 'vue';

/** Where the merchant is. Deep links are the part behind the `#`, so the server sees one page and both admins can link into it. */
export type Route =
  | { readonly name: 'home' }
  | { readonly name: 'ownership' }
  | { readonly name: 'choices' }
  | { readonly name: 'connections' }
  | { readonly name: 'connect'; readonly connector: string }
  | { readonly name: 'settings'; readonly flow?: string }
  | { readonly name: 'try'; readonly flow?: string; readonly record?: string }
  | {
      readonly name: 'records';
      readonly flow?: string;
      readonly state?: string;
      readonly cause?: string;
      readonly search?: string;
      /** `true`: only records with fields that somebody edited in the target. */
      readonly kept?: string;
    }
  | { readonly name: 'record'; readonly id: string };

/** Reads a hash such as `#/records?state=parked`. Whatever it does not know is the overview. */
export function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [first, second, third] = path.split('/').map(decoded);
  const asked = Object.fromEntries(new URLSearchParams(query));
  if (first === 'connections') return second ? { name: 'connect', connector: second } : { name: 'connections' };
  if (first === 'directions') return { name: 'ownership' };
  if (first === 'choices') return { name: 'choices' };
  if (first === 'settings') return { name: 'settings', ...(second ? { flow: second } : {}) };
  if (first === 'try') return { name: 'try', ...(second ? { flow: second } : {}), ...(third ? { record: third } : {}) };
  if (first === 'records') return second ? { name: 'record', id: second } : { name: 'records', ...asked };
  return { name: 'home' };
}

/** The address of a place, for links. */
export function link(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export function recordsLink(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length ? `#/records?${new URLSearchParams(given)}` : '#/records';
}

export const route = ref<Route>(parse(location.hash));

addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

export function go(address: string): void {
  location.hash = address;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
