import { useI18n } from 'vue-i18n';
import { useFigures } from './figures.ts';
import type { Cause, Flow, Note, Problem, Text } from './shapes.ts';
import { connectorOf, isShop, onlyTill, till } from './state.ts';

/** Numbers that are names: they are never grouped by thousands. */
const identifying: ReadonlySet<string> = new Set(['employee', 'branch', 'workplace', 'article', 'relation', 'status']);
/** Numbers that are amounts, whosever. */
const amounts: ReadonlySet<string> = new Set(['difference', 'expected', 'found', 'till', 'shop', 'store', 'source']);
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*Z$/;

type Params = Readonly<Record<string, string | number>>;

/** Sentences for what the server reports by code: ours in the merchant's language, else the server's own. */
export function useWords() {
  const { t, te, tm, locale } = useI18n();
  const figures = useFigures();

  const known = (key: string) => te(key) || te(key, 'en');

  /** Of a line of an order. */
  const kind = (name: string): string => (known(`systems.lines.${name}`) ? t(`systems.lines.${name}`) : name);

  /** Amounts arrive in minor units; they are spoken as money, without its sign where the currency is not told. */
  function spoken(params: Params, currency: string | undefined): Record<string, string> {
    const said: Record<string, string> = {};
    for (const [name, value] of Object.entries(params)) {
      if (typeof value === 'string') said[name] = moment.test(value) ? figures.moment(value) : name === 'kind' ? kind(value) : value;
      else if (amounts.has(name)) said[name] = currency ? figures.money(value, currency) : figures.decimal(value);
      else said[name] = identifying.has(name) ? String(value) : figures.number(value);
    }
    return said;
  }

  function sentence(key: string, params: Params, currency: string | undefined, otherwise: string): string {
    if (!known(key)) return otherwise;
    const text = t(key, spoken(params, currency));
    // A parameter that the server did not send leaves a hole; its own sentence has none.
    const wanted = [...String(tm(key)).matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    return wanted.every((name) => name in params) ? text : otherwise;
  }

  function text(value: Text | undefined): string {
    if (!value) return '';
    return value[locale.value as keyof Text] || value.en;
  }

  /** What a system is called here: the shop is "your shop", since partners sell its platform under other names. */
  function systemName(connector: string, title?: string): string {
    const found = connectorOf(connector);
    if (found?.installed) return t('names.shop');
    return found?.title ?? title ?? connector;
  }

  /** The same inside a sentence, after "in", "from" and the like. */
  function within({ connector, title }: Pick<Flow['source'], 'connector' | 'title'>): string {
    if (isShop(connector)) return t('names.shopWithin');
    if (onlyTill.value && connector === till.value?.name) return t('names.tillWithin');
    return systemName(connector, title);
  }

  return {
    text,
    systemName,
    within,
    /** Both ends of a flow inside a sentence. */
    ends: ({ source, target }: Pick<Flow, 'source' | 'target'>) => ({ source: within(source), target: within(target) }),
    cause: (cause: Cause, currency?: string) => sentence(`causes.${cause.code}`, cause.params, currency, cause.message),
    /** What a test of a connection warns of is often a cause at other times: one sentence serves both. */
    note: (note: Note, currency?: string) =>
      sentence(known(`notes.${note.code}`) ? `notes.${note.code}` : `causes.${note.code}`, note.params ?? {}, currency, note.message),
    problem: (problem: Problem) =>
      sentence(`causes.${problem.code}`, problem.params ?? {}, undefined, problem.detail ?? (problem.title || t('causes.unexpected'))),
    remedy: (remedy: Problem['remedy']) => t(`remedies.${remedy}`),
    reason: (reason: string) => (known(`reasons.${reason}`) ? t(`reasons.${reason}`) : reason),
    subject: (subject: string) => {
      if (subject.startsWith('variant ')) return t('catalogue.variant', { sku: subject.slice(8) });
      if (subject.startsWith('line ')) return t('subjects.line', { sku: subject.slice(5) });
      if (subject === 'line') return t('fields.parts.lines');
      const key = `subjects.${subject.replaceAll(' ', '-')}`;
      return known(key) ? t(key) : subject;
    },
    group: (group: string) => (known(`groups.${group}`) ? t(`groups.${group}`) : group),
    flow: (flow: Pick<Flow, 'kind' | 'source' | 'target'>) =>
      t('names.flow', {
        kind: t(`kinds.${flow.kind}`),
        source: systemName(flow.source.connector, flow.source.title),
        target: systemName(flow.target.connector, flow.target.title),
      }),
  };
}
