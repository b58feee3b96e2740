import type { AgeGroup } from './age-group.js';
import { AGES_OF_CODES } from './ages-of-codes.js';
import type { CodeSystemId } from './code-systems.js';

/** The age that a code's own title tells, where the request tells none; empty where the code says nothing of it. */
export function ageInCode(system: CodeSystemId, code: string): readonly AgeGroup[] {
  const ages = AGES_OF_CODES[system];
  if (!ages) return [];
  for (let end = code.length; end > 0; end -= 1) {
    const told = ages[code.slice(0, end)];
    if (told) return told;
  }
  return [];
}
