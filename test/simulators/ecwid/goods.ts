/** Products and categories as the simulated store keeps them. */
export interface SimAttribute {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly show: string;
}

export interface SimTrait {
  readonly name: string;
  readonly value: string;
}

export interface SimCombination {
  readonly id: number;
  combinationNumber: number;
  options: readonly SimTrait[];
  /** Empty: it has the SKU and the stock of its product. */
  sku: string;
  price?: number;
  quantity: number;
  unlimited: boolean;
  attributes: readonly SimAttribute[];
}

export interface SimOption {
  readonly type: string;
  readonly name: string;
  readonly required?: boolean;
  readonly choices: readonly { readonly text: string; readonly priceModifier: number; readonly priceModifierType: string }[];
}

export interface SimProduct {
  readonly id: number;
  sku: string;
  name: string;
  price: number;
  quantity: number;
  unlimited: boolean;
  enabled: boolean;
  description: string;
  subtitle: string;
  tax: { taxable: boolean; enabledManualTaxes: readonly number[] };
  categoryIds: readonly number[];
  attributes: readonly SimAttribute[];
  options: readonly SimOption[];
  combinations: readonly SimCombination[];
  externalReferenceId?: string;
  created: number;
  updated: number;
}

export interface SimCategory {
  readonly id: number;
  parentId: number | undefined;
  name: string;
  description: string;
  enabled: boolean;
  orderBy: number;
}

/** What a request that cannot be granted is answered with. */
export class Refusal extends Error {
  readonly status: number;
  readonly errorCode: string;
  constructor(status: number, errorCode: string, message: string = errorCode) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** Options that a combination names and the product does not have yet are made as drop-downs. */
export function withChoices(options: readonly SimOption[], traits: readonly SimTrait[]): SimOption[] {
  const result = [...options];
  for (const { name, value } of traits) {
    const at = result.findIndex((option) => option.name === name);
    const choice = { text: value, priceModifier: 0, priceModifierType: 'ABSOLUTE' };
    const option = result[at];
    if (option === undefined) result.push({ type: 'SELECT', name, required: true, choices: [choice] });
    else if (!option.choices.some(({ text }) => text === value)) result[at] = { ...option, choices: [...option.choices, choice] };
  }
  return result;
}

/** The mug is sold in two colours: one with a SKU and stock of its own, one with the mug's. */
export const mugs = (): SimCombination[] => [
  {
    id: 99_001,
    combinationNumber: 1,
    sku: '1006-W',
    options: [{ name: 'Colour', value: 'White' }],
    quantity: 4,
    unlimited: false,
    attributes: [],
  },
  {
    id: 99_002,
    combinationNumber: 2,
    sku: '',
    options: [{ name: 'Colour', value: 'Blue' }],
    quantity: 0,
    unlimited: false,
    attributes: [],
  },
];

export type Body = Readonly<Record<string, unknown>>;
