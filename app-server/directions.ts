/** What can flow where, as the connectors declare it: the table in the README. */
import { kinds } from '../connectors/commerce.ts';
import type { Connector } from '../connectors/connector.ts';
import { systemsOf } from './systems.ts';

/** Its platform is sold under other names, so its connector does not say its own. */
const names: Readonly<Record<string, string>> = { shopware: 'Shopware', ecwid: 'Ecwid' };

const named = ({ name, title }: Connector): string => names[name] ?? title;

/** Markdown. Rows: where records come from; columns: where they go. Two shops are two merchants' and never meet. */
export function directionsTable(
  connectors: readonly Connector[] = systemsOf({ mailchimp: {}, lightspeed: {}, pollEveryMs: undefined }),
): string {
  const cell = (source: Connector, target: Connector): string => {
    if (source === target || (source.installed && target.installed)) return '–';
    const carried = kinds.filter((kind) => source.reads[kind] && target.writes[kind]);
    return carried.length === 0 ? '–' : carried.join(', ');
  };
  const rows = [
    ['from ↓ to →', ...connectors.map(named)],
    ...connectors.map((source) => [`**${named(source)}**`, ...connectors.map((target) => cell(source, target))]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join('\n');
}

/** Between these two lines of a document stands the table. */
export const tableMarks = { begin: '<!-- directions: npm run directions -->', end: '<!-- /directions -->' } as const;

export function withTable(document: string): string {
  const begin = document.indexOf(tableMarks.begin);
  const end = document.indexOf(tableMarks.end);
  if (begin < 0 || end < begin) throw new Error('The document has no place for the table of directions.');
  return `${document.slice(0, begin + tableMarks.begin.length)}\n\n${directionsTable()}\n\n${document.slice(end)}`;
}
