/** Mistakes of the source that the target could never take: known before the first record is sent. */
import type { KindWriting } from '../../../connectors/connector.ts';
import type { CountedFinding, ImportRun } from '../../engine/import.ts';
import type { Flow } from '../../engine/model.ts';
import type * as api from '../api.ts';
import type { ApiPorts } from '../ports.ts';
import { Problem } from '../problem.ts';

const shownAtOnce = 5;

/** Refuses to begin before the source was looked through under the present settings, and while it has mistakes that nobody wants left out. */
export async function demandAudit(
  { imports }: Pick<ApiPorts, 'imports'>,
  flow: Flow,
  how: { writing: KindWriting; leaveOut: boolean },
): Promise<void> {
  if (how.writing.audit === undefined) return;
  const audit = auditOf(await imports.list(flow.tenant, flow.id))?.audit;
  if (audit?.settingsVersion !== flow.settingsVersion) throw lookFirst();
  const standing = audit.findings.filter(({ blocks }) => blocks === true || !how.leaveOut);
  if (standing.length > 0) throw mistakesFound(standing);
}

/** The last finished look. */
export const auditOf = (runs: readonly ImportRun[]): ImportRun | undefined =>
  runs.find(({ phase, state, audit }) => phase === 'preview' && state === 'done' && audit !== undefined);

export const presentFinding = (finding: CountedFinding): api.Finding => ({
  ...shapeOf(finding),
  samples: finding.items.slice(0, shownAtOnce).map(presentItem),
});

export function presentAudit(look: ImportRun | undefined, flow: Flow): api.Audit {
  return {
    ...(look && { at: (look.endedAt ?? look.startedAt).toISOString() }),
    outdated: look?.audit?.settingsVersion !== flow.settingsVersion,
    findings: (look?.audit?.findings ?? []).map((finding) => ({ ...shapeOf(finding), items: finding.items.map(presentItem) })),
  };
}

const shapeOf = ({ kind, title, fix, table, blocks, count }: CountedFinding) => ({
  kind,
  title: { ...title },
  fix: { ...fix },
  ...(table !== undefined && { table }),
  blocks: blocks ?? false,
  count,
});

const presentItem = ({ value, names }: CountedFinding['items'][number]) => ({ value, names: [...names] });

const lookFirst = (): Problem =>
  new Problem({
    status: 409,
    code: 'look-first',
    title: 'Look first what would happen: the target cannot take everything, and that has to be known before anything is sent.',
    remedy: 'fix-data',
  });

function mistakesFound(findings: readonly CountedFinding[]): Problem {
  const count = findings.reduce((sum, finding) => sum + finding.count, 0);
  const sample = findings
    .flatMap(({ items }) => items.map(({ value, names }) => value || (names[0] ?? '')))
    .slice(0, shownAtOnce)
    .join(', ');
  return new Problem({
    status: 409,
    code: 'mistakes-found',
    title: `This has to be mended in the source first (${count}): ${sample}. The look lists it all.`,
    remedy: 'fix-data',
    params: { count, sample },
  });
}
