import type { TermSystem } from './term-system.js';

const importHint = ({ remedy }: TermSystem): string =>
  remedy === undefined ? '' : `; '${remedy}' imports the whole system`;

/**
 * What is reported of a code behind the address of the system that lacks it: the system's version; where only a fragment of it
 * is held, that the code may exist, and how to import the rest; or that the system's codes have another form.
 */
export function unknownCodeTail(system: TermSystem, code: string): string {
  const { version, isComplete } = system;
  if (isComplete) return version === undefined ? '' : ` version '${version}'`;
  if (!system.assume(code)) return ': codes of this system have another form';
  return `: only a fragment of it is held here, so the code may exist${importHint(system)}`;
}

/** What is reported of a code that is mapped, but whose name is its publisher's and not part of the library. */
export const namelessCodeTail = (system: TermSystem): string =>
  `: the code is mapped to articles, but its name belongs to the publisher of ${system.header.title ?? 'the system'} and is not held here${importHint(system)}`;
