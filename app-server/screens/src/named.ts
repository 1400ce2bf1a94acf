import type { Directive } from 'vue';

interface Names {
  readonly input: string;
  readonly clear: string;
}

function name(element: HTMLElement, { input: text, clear }: Names): void {
  const input = element.querySelector('input');
  const label = element.querySelector('label');
  if (input && !input.id && label?.htmlFor) input.id = label.htmlFor;
  const labelled = [...(input?.labels ?? [])].some((one) => one.textContent?.trim());
  if (input && !labelled) input.ariaLabel = text;
  const button = element.querySelector('[data-clearable-button]');
  if (button) button.ariaLabel = `${clear}: ${text}`;
}

/** Meteor's select, search and bare text fields leave their input without a name for screen readers; this gives it one. */
export const vNamed: Directive<HTMLElement, Names> = {
  mounted: (element, { value }) => name(element, value),
  updated: (element, { value }) => name(element, value),
};
