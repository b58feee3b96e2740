import type { TermSystem } from './term-system.js';

/**
 * What is said of a code behind the address of the system that lacks it: its version; where the system is not held whole,
 * how much of it is, that the code may exist all the same, and how the rest is had. A code that is not written as the
 * system's are exists nowhere.
 */
export function unknownCodeTail(system: TermSystem, code: string): string {
  const { version, isComplete, header, remedy } = system;
  const named = version === undefined ? '' : ` version '${version}'`;
  if (isComplete) return named;
  if (system.isPossible?.(code) === false) return `${named}: codes of this system are not written so`;
  const { count } = header;
  const part = count === undefined ? 'a part of it is' : `${count} of its codes are`;
  const more = remedy === undefined ? '' : `; '${remedy}' brings the whole`;
  return `${named}: only ${part} held here, so the code may exist all the same${more}`;
}
