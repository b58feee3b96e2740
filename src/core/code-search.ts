import { answerRequest } from './answer.js';
import type { CodeSystemId } from './code-systems.js';
import { CODE_SYSTEMS } from './code-systems.js';
import { ANYONE } from './knowledge-request.js';
import type { Answer, Match } from './knowledge-response.js';
import type { Language } from './language.js';
import type { Coding, Concept, Library } from './library.js';
import { normalizeCode } from './normalize-code.js';

/** What a query finds that is a code, or the beginning of one. */
export interface CodeFindings {
  /** Articles that the code leads to, the best first. */
  readonly matches: readonly Match[];
  /** The code itself, in each system that has it, then the codes below it. */
  readonly concepts: readonly Concept[];
  /** The whole query is a code that leads to articles or has a name; half a code is none. */
  readonly isCode: boolean;
}

const NOTHING: CodeFindings = { matches: [], concepts: [], isCode: false };

/** A code has a digit and no blank. */
const LOOKS_LIKE_A_CODE = /^(?=.*\d)[a-z\d][a-z\d.-]{1,63}$/i;
/** The beginning of an ICD-10-CM category. */
const HALF_A_CATEGORY = /^[A-Z]\d$/;
/** A LOINC number without its check digit. */
const HALF_A_LOINC = /^\d{3,}-?$/;
const MOST_BELOW = 20;

function codingsOf(query: string): Coding[] {
  return CODE_SYSTEMS.flatMap(({ id }) => {
    const code = id === 'drug-name' ? undefined : normalizeCode(id, query);
    return code === undefined ? [] : [{ system: id, code }];
  });
}

/** Codings whose children and continuations are of interest. */
function beginningsOf(query: string, codings: readonly Coding[]): Coding[] {
  const upper = query.toUpperCase();
  const ofIcd = codings.filter(({ system }) => system === 'icd-10-cm' || system === 'icd-9-cm');
  if (HALF_A_CATEGORY.test(upper)) return [...ofIcd, { system: 'icd-10-cm', code: upper }];
  return HALF_A_LOINC.test(upper) ? [...ofIcd, { system: 'loinc', code: upper }] : ofIcd;
}

/** Systems whose codes look like no other's; plain digits are an ICD-9-CM code only with their dot. */
function isPlain({ system, code }: Coding, query: string): boolean {
  const plain: readonly CodeSystemId[] = ['icd-10-cm', 'loinc', 'snomed-ct', 'ndc'];
  return plain.includes(system) || (system === 'icd-9-cm' && query.includes('.') && code.includes('.'));
}

async function findArticles(
  query: string,
  codings: readonly Coding[],
  language: Language,
  library: Library,
): Promise<Match[]> {
  const criteria = codings.map(({ system, code }) => ({
    codings: [{ system, systemSent: system, code, display: '', userSelected: false }],
  }));
  const request = { criteria, context: { ...ANYONE, language }, maxArticles: MOST_BELOW };
  const { answers } = await answerRequest(request, library);
  // A number may be a code of several systems: those that only look so have no row of their own.
  const isMeant = ({ coding, code, matches }: Answer): boolean =>
    matches[0]?.path.length === 1 ||
    (coding.system !== undefined && code !== undefined && isPlain({ system: coding.system, code }, query));
  return answers.filter(isMeant).flatMap(({ matches }) => matches);
}

/** Reads a query as a code of any system, as people write it (`n5314`, `e11`, `250.00`), or as the beginning of one. */
export async function findByCode(sent: string, language: Language, library: Library): Promise<CodeFindings> {
  const query = sent.trim();
  if (!LOOKS_LIKE_A_CODE.test(query)) return NOTHING;
  const codings = codingsOf(query);
  const beginnings = beginningsOf(query, codings);
  if (codings.length + beginnings.length === 0) return NOTHING;
  const matches = await findArticles(query, codings, language, library);
  const exact = await library.findConcepts(codings);
  const below = await library.findConceptsBelow(beginnings, MOST_BELOW);
  return { matches, concepts: [...exact, ...below], isCode: matches.length + exact.length > 0 };
}
