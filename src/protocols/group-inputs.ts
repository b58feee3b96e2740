import type { ChartKind } from '../core/charts/chart-question.js';
import { groupBy } from '../core/group-by.js';
import { readDataFile } from '../core/read-data-file.js';
import type { Translate } from '../texts.js';
import { findOwn } from '../core/find-own.js';

/** Kind by which an input without a page is counted. Texts are in resources/i18n under `chart.one` and `chart.several`. */
export type InputKind = ChartKind | 'order' | 'vital-sign' | 'code' | 'entry';

const { inputKinds: KIND_OF_TYPE } = readDataFile('charts/words.yaml') as {
  readonly inputKinds: Readonly<Record<string, InputKind>>;
};

/** Returns the kind of an input, by its type and the reason why it has no page. */
export const kindOfInput = (type: string, reason?: string): InputKind =>
  reason === 'vital-sign' ? 'vital-sign' : (findOwn(KIND_OF_TYPE, type) ?? 'entry');

/** An input without a page, and why. */
export interface Reasoned<Input> {
  readonly input: Input;
  readonly kind: InputKind;
  readonly reason: string;
}

/** Inputs of one kind that have no page for one reason. */
export interface InputGroup<Item> extends Omit<Reasoned<unknown>, 'input'> {
  readonly items: readonly Item[];
}

/** Groups inputs by kind and reason, in the order in which each group begins. */
export function groupInputs<Input, Item extends Reasoned<Input>>(items: readonly Item[]): InputGroup<Item>[] {
  const groups = groupBy(items, ({ kind, reason }) => `${kind} ${reason}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ kind: first.kind, reason: first.reason, items: group }] : [];
  });
}

/** "12 vital signs". */
export const countInputs = (kind: InputKind, count: number, t: Translate): string =>
  count === 1 ? t(`chart.one.${kind}`) : t(`chart.several.${kind}`, { count });
