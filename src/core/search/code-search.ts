import { answerRequest } from '../answer/answer.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import { CODE_SYSTEMS } from '../codes/code-systems.js';
import type { KnowledgeRequest } from '../answer/knowledge-request.js';
import { ANYONE } from '../answer/knowledge-request.js';
import type { Answer, KnowledgeResponse, Match } from '../answer/knowledge-response.js';
import type { Language } from '../model/language.js';
import type { Coding, Concept, Library } from '../model/library.js';
import { isBillingCode } from '../codes/billing-codes.js';
import { normalizeCode } from '../codes/normalize-code.js';
import { isNoIcdCode } from '../codes/typed-fluid.js';

/** Search results for a query that is a code or a code prefix. */
export interface CodeFindings {
  /** Articles that answer the code, the best first. */
  readonly matches: readonly Match[];
  /** The code itself, in each system that has it, then the codes below it. */
  readonly concepts: readonly Concept[];
  /** The whole query is a code with articles or a name; a prefix is not. */
  readonly isCode: boolean;
}

const NOTHING: CodeFindings = { matches: [], concepts: [], isCode: false };

/** A code has a digit and no space. */
const LOOKS_LIKE_A_CODE = /^(?=.*\d)[a-z\d][a-z\d.-]{1,63}$/i;
/** A prefix of an ICD-10-CM category. */
const HALF_A_CATEGORY = /^[A-Z]\d$/;
/** A LOINC code without its check digit. */
const HALF_A_LOINC = /^\d{3,}-?$/;
const MOST_BELOW = 20;

/** Whether a text has the form of a code, which is matched as a whole. */
export const looksLikeCode = (query: string): boolean => LOOKS_LIKE_A_CODE.test(query.trim()) && !isNoIcdCode(query);

/** The systems that have codes of this form. */
export const findSystems = (query: string): CodeSystemId[] => listCodings(query.trim()).map(({ system }) => system);

function listCodings(query: string): Coding[] {
  if (isNoIcdCode(query)) return [];
  return CODE_SYSTEMS.flatMap(({ id }) => {
    const code = id === 'drug-name' ? undefined : normalizeCode(id, query);
    return code === undefined || isBillingCode(id, code, query) ? [] : [{ system: id, code }];
  });
}

/** Codings whose children and continuations are searched. */
function selectPrefixes(query: string, codings: readonly Coding[]): Coding[] {
  const upper = query.toUpperCase();
  const ofIcd = codings.filter(({ system }) => system === 'icd-10-cm' || system === 'icd-9-cm');
  if (HALF_A_CATEGORY.test(upper)) return [...ofIcd, { system: 'icd-10-cm', code: upper }];
  return HALF_A_LOINC.test(upper) ? [...ofIcd, { system: 'loinc', code: upper }] : ofIcd;
}

/** Whether the form is unambiguous; plain digits are an ICD-9-CM code only with their dot. */
function isUnambiguous({ system, code }: Coding, query: string): boolean {
  const plain: readonly CodeSystemId[] = ['icd-10-cm', 'loinc', 'snomed-ct', 'ndc', 'hcpcs', 'icd-10-pcs'];
  return plain.includes(system) || (system === 'icd-9-cm' && query.includes('.') && code.includes('.'));
}

/**
 * Answers each coding independently and drops those that only look like a code: a number may be a code of several
 * systems. The rest have rows of their own, a title, or an unambiguous form.
 */
async function answerLikely(
  query: string,
  codings: readonly Coding[],
  { context, maxArticles, describeCodes = false }: Pick<KnowledgeRequest, 'context' | 'maxArticles' | 'describeCodes'>,
  library: Library,
): Promise<KnowledgeResponse> {
  const criteria = codings.map(({ system, code }) => ({
    codings: [{ system, systemSent: system, code, display: '', userSelected: false }],
  }));
  const request = { criteria, context, maxArticles, describeCodes, answersApart: describeCodes };
  const response = await answerRequest(request, library);
  const isMeant = ({ coding, code, matches, standing }: Answer): boolean =>
    matches[0]?.path.length === 1 ||
    standing?.concept !== undefined ||
    (coding.system !== undefined && code !== undefined && isUnambiguous({ system: coding.system, code }, query));
  return { ...response, answers: response.answers.filter(isMeant) };
}

/**
 * Answers a typed code once for each system it may belong to: systems with articles first, then those that have the
 * code, then those whose codes have this form. Empty if it is not a code.
 */
export async function answerAsCode(
  sent: string,
  reader: Pick<KnowledgeRequest, 'context' | 'maxArticles'>,
  library: Library,
): Promise<KnowledgeResponse> {
  const query = sent.trim();
  const codings = LOOKS_LIKE_A_CODE.test(query) ? listCodings(query) : [];
  const response = await answerLikely(query, codings, { ...reader, describeCodes: true }, library);
  const weight = ({ matches, standing }: Answer): number => (matches.length > 0 ? 0 : standing?.concept ? 1 : 2);
  const answers = [...response.answers].sort((a, b) => weight(a) - weight(b));
  // If one system has the code, a system in which it only has the right form adds nothing.
  const isKnown = answers.some((answer) => weight(answer) < 2);
  return { ...response, answers: isKnown ? answers.filter((answer) => weight(answer) < 2) : answers };
}

/** Reader of a search's results: anyone, shown what a site holds from patients, marked. */
const readerOf = (language: Language): Pick<KnowledgeRequest, 'context' | 'maxArticles'> => ({
  context: { ...ANYONE, language, listsHeld: true },
  maxArticles: MOST_BELOW,
});

/** The articles that answer a coding, the best first. */
export async function answerCoding({ system, code }: Coding, language: Language, library: Library): Promise<Match[]> {
  const codings = [{ system, systemSent: system, code, display: '', userSelected: false }];
  const { answers } = await answerRequest({ ...readerOf(language), criteria: [{ codings }] }, library);
  return answers.flatMap(({ matches }) => matches);
}

/** Reads a query as a code of any system, as people write it (`n5314`, `e11`, `250.00`), or as the prefix of one. */
export async function findByCode(sent: string, language: Language, library: Library): Promise<CodeFindings> {
  const query = sent.trim();
  if (!LOOKS_LIKE_A_CODE.test(query)) return NOTHING;
  const codings = listCodings(query);
  const beginnings = selectPrefixes(query, codings);
  if (codings.length + beginnings.length === 0) return NOTHING;
  const { answers } = await answerLikely(query, codings, readerOf(language), library);
  const exact = library.findConcepts(codings);
  const below = library.terminology.findConceptsBelow(beginnings, MOST_BELOW);
  const matches = answers.flatMap((answer) => answer.matches);
  return { matches, concepts: [...exact, ...below], isCode: matches.length + exact.length > 0 };
}
