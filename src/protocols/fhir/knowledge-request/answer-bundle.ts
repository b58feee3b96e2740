import type { Bundle, BundleEntry, Coding, DocumentReference, Extension, OperationOutcome } from '@medplum/fhirtypes';
import { idsPointedTo, type Article } from '../../../core/model/article.js';
import type { ChartArticle, ChartReason } from '../../../core/charts/chart-response.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import { LANGUAGES } from '../../../core/model/language.js';
import { displayCode, normalizeCode } from '../../../core/codes/normalize-code.js';
import { toSensitivityLabel } from '../documents/document-reference.js';
import { documentId } from '../documents/identity.js';
import { nameOutcomes } from '../rest/outcome.js';
import type { ChartInput } from './read-inputs.js';
import { dropEmpty } from '../syntax/drop-empty.js';

export type AnswerBundle = Bundle<DocumentReference | OperationOutcome>;

interface BundleFacts {
  readonly inputs: readonly ChartInput[];
  /** Articles that the answer's articles point to and the site gives the reader, by id. */
  readonly related: ReadonlyMap<string, Article>;
  /** Entries before the articles. */
  readonly first: readonly BundleEntry<OperationOutcome>[];
  readonly canonicalBase: string;
  readonly baseUrl: string;
  /** Address of the operation, without any input. */
  readonly self: string;
}

/** A coding as its system writes it; nothing where the code is not one that the system can have. */
function toCoding({ system, code }: RequestCoding): Coding | undefined {
  const normalized = system && normalizeCode(system, code);
  if (!system || normalized === undefined) return undefined;
  return { system: codeSystem(system).uri, code: displayCode(system, normalized) };
}

/** The way from the requested code to the code that carries the article; the code that stands for an allergy is its subject. */
function renderPath({ question, match }: ChartReason, coding: Coding | undefined): string {
  const steps = match.path.map(({ kind, system, code }, index) => {
    // A title belongs to no code system.
    if (kind === 'title') return `title ${code}`;
    const isSubject = question.isSubject === true && index === 0;
    return `${isSubject ? 'subject' : kind} ${codeSystem(system).uri}|${code}`;
  });
  const subject = question.isSubject && coding ? [`asked ${coding.system ?? ''}|${coding.code ?? ''}`] : [];
  return [...subject, ...steps].join(' > ');
}

/** Which input an article explains, and why: its place in the request, its type and coding, never whose it is. */
function toExplanation(reason: ChartReason, { inputs, canonicalBase }: BundleFacts): Extension[] {
  const input = inputs[reason.question.input];
  if (!input) return [];
  const sent = reason.question.isSubject ? input.coding : reason.coding;
  const coding = sent && toCoding(sent);
  return [
    {
      url: `${canonicalBase}/StructureDefinition/explained-input`,
      extension: [
        { url: 'position', valueString: input.position },
        { url: 'type', valueCode: input.type },
        ...(coding ? [{ url: 'coding', valueCoding: coding }] : []),
        { url: 'relationship', valueCode: reason.match.relationship },
        { url: 'path', valueString: renderPath(reason, coding) },
      ],
    },
  ];
}

/** The document without what it points to that the site does not give this reader. */
function removeWithheld(document: DocumentReference, article: Article, returned: BundleFacts['related']) {
  const withheld = idsPointedTo(article).filter((id) => !returned.has(id));
  if (withheld.length === 0) return document;
  const addresses = new Set(
    withheld.flatMap((id) => LANGUAGES.map((one) => `DocumentReference/${documentId(id, one)}`)),
  );
  const related = document.context?.related ?? [];
  const left = related.filter(({ reference = '' }) => !addresses.has(reference));
  if (left.length === related.length) return document;
  // To copy what a document is about makes its events: those that stay whole are not copied.
  const { context: { related: _, ...about } = {}, ...rest } = document;
  const context = left.length > 0 ? { ...about, related: left } : about;
  return Object.keys(context).length > 0 ? { ...rest, context } : rest;
}

/** The document as the library has it, with the labels that a mapping row adds for this code. */
function addLabels(document: DocumentReference, { sensitivities }: ChartArticle): DocumentReference {
  const has = document.meta?.security ?? [];
  const added = sensitivities.map(toSensitivityLabel).filter(({ code }) => !has.some((label) => label.code === code));
  return added.length === 0 ? document : { ...document, meta: { ...document.meta, security: [...has, ...added] } };
}

/** The answer to a chart: its articles as matches, then remarks on the inputs without one (R4 search, 3.1.1.1). */
export function toBundle(
  articles: readonly ChartArticle[],
  documents: ReadonlyMap<string, DocumentReference>,
  remarks: readonly BundleEntry<OperationOutcome>[],
  facts: BundleFacts,
): AnswerBundle {
  const matches: BundleEntry<DocumentReference>[] = [];
  for (const found of articles) {
    const id = documentId(found.article.id, found.text.language);
    const document = documents.get(id);
    if (!document) continue;
    const extension: Extension[] = [];
    for (const reason of found.reasons) {
      extension.push(...toExplanation(reason, facts));
    }
    matches.push({
      fullUrl: `${facts.baseUrl}/fhir/DocumentReference/${id}`,
      resource: addLabels(removeWithheld(document, found.article, facts.related), found),
      search: { extension, mode: 'match', score: found.score },
    });
  }
  const entry = nameOutcomes<DocumentReference | OperationOutcome>([...facts.first, ...matches, ...remarks]);
  return dropEmpty({
    resourceType: 'Bundle',
    type: 'searchset',
    total: matches.length,
    link: [{ relation: 'self', url: facts.self }],
    entry,
  });
}
