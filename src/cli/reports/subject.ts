import { codeSystem } from '../../core/codes/code-systems.js';
import type { Coding } from '../../core/model/library.js';
import { displayCode } from '../../core/codes/normalize-code.js';

/**
 * A code in a report: `ICD-10-CM N53.14 (Retrograde ejaculation)`. An impossible code may be any text and is not shown.
 */
export function formatSubject({ system, code }: Coding, title: string): string {
  const { label } = codeSystem(system);
  if (code === '') return `${label} ${title || '(not shown)'}`;
  return `${label} ${displayCode(system, code)}${title && ` (${title})`}`;
}
