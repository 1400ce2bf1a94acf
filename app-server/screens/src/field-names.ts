import { type InjectionKey, inject, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Change, Flow } from './shapes.ts';
import { useWords } from './words.ts';

/** The flow whose records are shown: it knows what its own settings and tables are called. */
export const flowInView: InjectionKey<Readonly<Ref<Flow | undefined>>> = Symbol('flow in view');

/** Plain words for paths such as `lines[0].grossMinor`; undefined where a part of the path has none. */
export function useFieldNames() {
  const { t, te } = useI18n();
  const words = useWords();
  const flow = inject(flowInView, undefined);

  function part(text: string): string | undefined {
    const [, name = '', index] = /^(\w+)(?:\[(\d+)\])?$/.exec(text) ?? [];
    const key = `fields.parts.${name}`;
    if (!te(key) && !te(key, 'en')) return undefined;
    return index === undefined ? t(key) : `${t(key)} ${Number(index) + 1}`;
  }

  function setting(name: string): string | undefined {
    const field = flow?.value?.form.find((one) => one.name === name);
    const called = field ? words.text(field.label) : part(name);
    return called && t('fields.setting', { name: called });
  }

  function field(path: string): string | undefined {
    // `tags.vip`, `variants.2001`: what follows is a name of its own.
    const [, list = '', called] = /^(tags|variants|products|lines)\.(.+)$/.exec(path) ?? [];
    if (called !== undefined) return `${part(list) ?? list}: ${called}`;
    // `price:2001` as well as `variant:2001.price` and `2001.price`.
    const [, named, numbered, ofVariant] = /^(?:variant:(.+)|(\d+))\.(\w+)$/.exec(path) ?? [];
    const variant = named ?? numbered;
    const [, own = ofVariant ?? path, sku = variant] = (variant === undefined && /^([^:]+):(.+)$/.exec(path)) || [];
    const [first = '', ...rest] = own.replace(/^\$\./, '').split('.');
    if ((first === 'settings' || first === 'policy') && rest.length === 1) return setting(rest[0] ?? '');
    const parts = [first, ...rest].filter((one, index) => one !== 'id' || index === 0).map(part);
    if (parts.some((one) => one === undefined)) return undefined;
    return [...(sku === undefined ? [] : [t('subjects.line', { sku })]), ...parts].join(': ');
  }

  /** Where a value comes from: a path, or a row of one of the merchant's tables. */
  function source(change: Change): string | undefined {
    if (change.source === undefined) return undefined;
    const [, name, key = ''] = (change.by === 'table' && /^(\w+)\[(.*)\]$/.exec(change.source)) || [];
    if (name === undefined) return field(change.source);
    const table = flow?.value?.tables.find((one) => one.name === name);
    if (!table) return undefined;
    // A key that only machines read says nothing here.
    return key.length > 24 ? words.text(table.title) : `${words.text(table.title)}: ${key}`;
  }

  return { field, source };
}
