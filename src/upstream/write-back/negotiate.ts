import type { Ehr, WriteBackType } from '../../config/ehrs.js';
import { isGranted } from '../smart/scopes.js';
import { canDocument, type Abilities } from './abilities.js';

/**
 * Chooses as what an entry is written to the chart. What can be corrected later is preferred: a document only where it can be updated,
 * and nothing that the server has for messages among its staff, unless the site's configuration fixes the choice.
 * @param granted scopes of the launch
 * @returns undefined where nothing can be written
 */
export function chooseWriteBack(
  { writeBack, isWriteBackFixed }: Pick<Ehr, 'writeBack' | 'isWriteBackFixed'>,
  abilities: Abilities,
  granted: readonly string[],
): WriteBackType | undefined {
  return writeBack.find((type) => canDocument(type, abilities, isWriteBackFixed) && isGranted(granted, type, 'c'));
}
