import type { RequestContext } from '../answer/knowledge-request.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import { findAgeConcerns, type Concern } from '../leaflets/concerns.js';
import { readDataFile } from '../read-data-file.js';
import type { ChartConcern } from './chart-response.js';
import type { HeldAnswered } from './hold-pages.js';

interface Signs {
  readonly codes: Readonly<Partial<Record<CodeSystemId, string>>>;
  readonly title: string;
  readonly never: string;
}

const DATA = readDataFile('charts/leaflet-concerns.yaml') as Readonly<
  Record<Exclude<Concern, 'child' | 'older-adult'>, Signs>
>;

const SIGNS = Object.entries(DATA).map(([concern, { codes, title, never }]) => ({
  concern: concern as Concern,
  codes: new Map(Object.entries(codes).map(([system, pattern]) => [system, new RegExp(pattern)])),
  title: new RegExp(title, 'i'),
  never: new RegExp(never, 'i'),
}));

/**
 * True if a fact is a problem, or a procedure, of the patient that is not in doubt, in remission or over: its first page may be shown.
 */
function isPresent({ question: { kind, doubt, isSubject }, matches, reason, hold }: HeldAnswered): boolean {
  if (kind !== 'problem' && kind !== 'procedure') return false;
  const [first] = matches;
  return first !== undefined && !first.hold && !hold && !reason && !doubt && isSubject !== true;
}

/** Finds the situations that a fact of a chart tells of. */
function findFactConcerns({ question: { codings }, matches: [first] }: HeldAnswered): Concern[] {
  const title = first?.article.texts.en?.title ?? '';
  return SIGNS.flatMap(({ concern, codes, title: about, never }) => {
    const hasCode = codings.some(({ system, code }) =>
      codes.get(system ?? '')?.test(code.trim().toUpperCase().replace('.', '')),
    );
    return hasCode || (about.test(title) && !never.test(title)) ? concern : [];
  });
}

/**
 * Finds the patient's situations for which parts of drugs' leaflets are marked, with the inputs that tell of them. A pregnancy that is
 * over or lost is none.
 */
export function findChartConcerns(answered: readonly HeldAnswered[], context: RequestContext): ChartConcern[] {
  const inputs = new Map<Concern, Set<number>>(findAgeConcerns(context).map((concern) => [concern, new Set()]));
  for (const fact of answered.filter(isPresent)) {
    for (const concern of findFactConcerns(fact))
      inputs.set(concern, (inputs.get(concern) ?? new Set()).add(fact.question.input));
  }
  return [...inputs].map(([concern, of]) => ({ concern, inputs: [...of] }));
}
