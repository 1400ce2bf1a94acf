import type { Flow } from './shapes.ts';

/** Steps of the set-up that leave no trace on the server. Frames of other sites may be denied storage: then they are only remembered here. */
const remembered = new Set<string>();

type Step = 'answered' | 'tried';

export function remember(step: Step, flow: string): void {
  const key = `tillbridge.${step}.${flow}`;
  remembered.add(key);
  try {
    localStorage.setItem(key, '1');
  } catch {
    // Denied; this page remembers it.
  }
}

function recalls(step: Step, flow: string): boolean {
  const key = `tillbridge.${step}.${flow}`;
  if (remembered.has(key)) return true;
  try {
    return localStorage.getItem(key) === '1';
  } catch {
    return false;
  }
}

/** Version 1 is what the flow was created with; somebody answered the questions when there is a later one. */
export const answered = (flow: Flow): boolean => flow.settingsVersion > 1 || flow.on || recalls('answered', flow.id);
export const tried = (flow: Flow): boolean => flow.on || flow.counts.received > 0 || recalls('tried', flow.id);
