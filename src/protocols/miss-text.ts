import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codeSystem } from '../core/codes/code-systems.js';
import type { Miss } from '../core/answer/knowledge-response.js';
import type { Translate } from '../texts.js';

/** Why nothing was found, in words: the reason, the curator's note, the system that the code seems to belong to. */
export function missText({ reason, note, hint }: Miss, system: CodeSystemId | undefined, t: Translate): string {
  const label = system ? codeSystem(system).label : '';
  const like = hint ? `; ${t('misses.hint', { system: codeSystem(hint).label })}` : '';
  return `${t(`misses.${reason}`, { system: label })}${note && ` (${note})`}${like}`;
}
