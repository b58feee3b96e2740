import type { ChartMiss } from '../core/charts/chart-response.js';
import { codeSystem, type CodeSystemId } from '../core/codes/code-systems.js';
import type { RequestCoding } from '../core/answer/knowledge-request.js';
import type { Translate } from '../texts.js';
import type { Miss } from '../core/answer/knowledge-response.js';

const findLabel = (id: RequestCoding['system']): string => (id ? codeSystem(id).label : '');

/** Why a fact of a chart has no page, or none that is shown to this reader. */
export function holdOrMissText({ answer, reason, hold }: ChartMiss, t: Translate): string {
  const { coding, miss, conflict } = answer;
  const conflicts = conflict?.kind === 'stated' ? 'title-states' : 'title-conflict';
  if (hold) return t(`chart.holds.${hold === 'title-conflict' ? conflicts : hold}`);
  // Both readings are among the matches.
  if (conflict && !miss) return t(`chart.holds.${conflicts}`);
  if (reason) return t(`chart.${reason}`);
  // Something was found, and all of it is of a kind that does not answer this question.
  const text = t(`misses.${miss?.reason ?? 'code-not-mapped'}`, { system: findLabel(coding.system) });
  return miss?.hint ? `${text}; ${t('misses.hint', { system: findLabel(miss.hint) })}` : text;
}

/** Why nothing was found, in words: the reason, the curator's note, the system that the code seems to belong to. */
export function missText({ reason, note, hint }: Miss, system: CodeSystemId | undefined, t: Translate): string {
  const label = system ? codeSystem(system).label : '';
  const like = hint ? `; ${t('misses.hint', { system: codeSystem(hint).label })}` : '';
  return `${t(`misses.${reason}`, { system: label })}${note && ` (${note})`}${like}`;
}
