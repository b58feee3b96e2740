import { MAX_TEXT_CHARS } from '../../core/client-text.js';
import type { Withdrawal } from '../../core/codes/editions.js';
import { isCutCoding } from '../../core/answer/knowledge-request.js';
import type { Answer, Match, TitleConflict } from '../../core/answer/knowledge-response.js';
import { category, type Element } from '../feed/atom.js';
import type { ParameterName } from './parameters.js';

/**
 * With `explain=true` an answer holds its reasons, in categories whose scheme is that parameter's name: so it stays
 * valid against the standard's schema, and reads the same in XML and JSON.
 */
const SCHEME = 'explain';

/** Why an article was matched: the path from the requested code to the mapping row, the article's relationship to the code, the source. */
export function explainPath({ article, path, relationship, sensitivity, treatment, origin, note }: Match): Element {
  const way = path
    .map(({ kind, system, code }) => (kind === 'title' ? `title ${code}` : `${kind} ${system} ${code}`))
    .join(' > ');
  const parts = [`article ${article.id}`, `path ${way}`, `relationship ${relationship}`, `origin ${origin}`];
  if (sensitivity) parts.push(`sensitivity ${sensitivity}`);
  if (treatment === 'hold') parts.push('held: for a clinician to decide');
  if (note) parts.push(`note ${note}`);
  return category(SCHEME, parts.join('; '));
}

/** The withdrawal of a code, by its day: `withdrawn on 2026-10-01: deleted`. */
const explainWithdrawal = ({ kind, on }: Withdrawal): string =>
  `withdrawn${on === undefined ? '' : ` on ${on}`}: ${kind === 'header' ? 'no longer billable, more specific codes are' : 'deleted'}`;

/** How the title contradicts the code. Its own words are not given back. */
const explainConflict = ({ statement, mark, named }: TitleConflict): string =>
  (statement ?? mark)
    ? `title and code contradict each other: the title states ${statement ?? mark ?? ''}`
    : `title and code contradict each other: the title may name ${named.join(', ')}`;

/** Names the parameter to send in place of one that does not state who the reader is. Its value is not returned. */
export const explainReader = (name: ParameterName): Element =>
  category(SCHEME, `${name} was read as PAT: send PAT, PROV or PAYOR, once`);

/** Explains rejected and missing matches. */
export function explainAnswer(answer: Answer): Element[] {
  const { miss, rejections, siblings, coding, code, standing, conflict, noLeaflet } = answer;
  const terms = rejections.map(({ article, reason }) => `rejected ${article}: ${reason}`);
  if ([coding, ...siblings].some(isCutCoding))
    terms.unshift(`cut: of a longer text the first ${MAX_TEXT_CHARS} characters count`);
  if (code !== undefined) terms.unshift(`looked up as ${code}`);
  if (standing?.concept) terms.push(`title ${standing.concept.title}`);
  if (standing?.notIn !== undefined) terms.push(`not in ${standing.notIn}`);
  if (standing?.withdrawal) terms.push(explainWithdrawal(standing.withdrawal));
  if (conflict) terms.push(explainConflict(conflict));
  if (miss) {
    const hint = miss.hint ? `; looks like ${miss.hint}` : '';
    terms.push(`missed: ${miss.reason}${miss.note ? ` (${miss.note})` : ''}${hint}`);
  }
  if (noLeaflet) terms.push(`no drug leaflet: ${noLeaflet}`);
  for (const { system, systemSent } of siblings) terms.push(`same thing in ${system ?? systemSent}: answered once`);
  return terms.map((term) => category(SCHEME, term));
}
