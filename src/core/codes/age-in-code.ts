import type { AgeGroup } from '../answer/age-group.js';
import { AGES_OF_CODES } from './ages-of-codes.js';
import type { CodeSystemId } from './code-systems.js';

/** The age stated by the code's own title, used if the request states none; empty if the title states no age. */
export function ageInCode(system: CodeSystemId, code: string): readonly AgeGroup[] {
  const ages = AGES_OF_CODES[system];
  if (!ages) return [];
  for (let end = code.length; end > 0; end -= 1) {
    const matching = ages[code.slice(0, end)];
    if (matching) return matching;
  }
  return [];
}
