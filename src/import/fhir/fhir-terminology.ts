import type { CodeSystemId } from '../../core/codes/code-systems.js';
import { RELATIONSHIP_OF_EQUIVALENCE } from '../../core/codes/equivalence.js';
import type { Relationship } from '../../core/answer/knowledge-response.js';
import { chooseLanguage } from '../../core/model/language.js';
import { normalizeCode } from '../../core/codes/normalize-code.js';
import type { ConceptFacts } from '../../build/source.js';
import { isArticleId } from '../read/article-id.js';
import { MOST_ARTICLES_OF_CODE } from '../../core/codes/terminology-index.js';
import { type FhirElement, readEach, readSystem, type ResourceTarget } from './fhir-element.js';

/** Longer than any code of any system. */
const MAX_CODE_CHARS = 64;
/** Values of the `status` property that mark a retired code. */
const RETIRED = /^(retired|inactive|deprecated)$/i;

/** Reads a code. A heading (chapter, block) does not have the form of a code and is accepted as written. */
function readCode(element: FhirElement, name: string, system: CodeSystemId): string {
  const sent = element.text(name);
  const code = normalizeCode(system, sent) ?? sent;
  if (code.length > MAX_CODE_CHARS) throw element.fault(name, `longer than ${MAX_CODE_CHARS} characters`);
  return code;
}

function readPossibleCode(element: FhirElement, system: CodeSystemId): string {
  const sent = element.text('code');
  const code = normalizeCode(system, sent);
  if (code === undefined) throw element.fault('code', `${sent} is not a possible code of ${system}`);
  return code;
}

function readConcept(concept: FhirElement, system: CodeSystemId, above: string | undefined): ConceptFacts {
  const code = readCode(concept, 'code', system);
  const title = concept.optionalText('display') ?? code;
  let parent = above;
  let active = true;
  for (const property of concept.list('property')) {
    const kind = property.text('code');
    const valueName = property.optionalText('valueCode') === undefined ? 'valueString' : 'valueCode';
    if (kind === 'parent') parent ??= readCode(property, valueName, system);
    if (kind === 'inactive' && property.isTrue('valueBoolean')) active = false;
    if (kind === 'status' && RETIRED.test(property.text(valueName))) active = false;
  }
  const names = concept
    .list('designation')
    .filter((designation) => chooseLanguage(designation.optionalText('language') ?? 'en') !== undefined)
    .map((designation) => designation.text('value'));
  const others = [...new Set(names)].filter((name) => name !== title);
  return { system, code, title, parent, billable: undefined, active, names: others };
}

/**
 * Imports a CodeSystem's concepts, nested ones and those with a `parent` property.
 * @see https://hl7.org/fhir/R4/codesystem.html
 */
export function readCodeSystem(resource: FhirElement, target: ResourceTarget): void {
  const { id: system } = readSystem(resource, 'url');
  const content = resource.text('content');
  let isWhole = content === 'complete';
  const counted: ResourceTarget = {
    ...target,
    reject: (reason) => {
      isWhole = false;
      target.reject(reason);
    },
  };
  // Iterative: the depth of the concepts is the sender's choice.
  const levels: { readonly concepts: readonly FhirElement[]; readonly parent: string | undefined }[] = [
    { concepts: resource.list('concept'), parent: undefined },
  ];
  for (const { concepts, parent } of levels) {
    readEach(concepts, counted, (concept) => {
      const facts = readConcept(concept, system, parent);
      target.rows.concepts.push(facts);
      levels.push({ concepts: concept.list('concept'), parent: facts.code });
    });
  }
  if (isWhole) target.complete.add(system);
}

function readRelationship(mapped: FhirElement): Relationship {
  const sent = mapped.text('equivalence');
  const relationship = RELATIONSHIP_OF_EQUIVALENCE.get(sent);
  if (!relationship) throw mapped.fault('equivalence', `${sent} leads to no target`);
  // A conditional mapping is not true of every patient with the code.
  if (mapped.list('dependsOn').length > 0) throw mapped.fault('dependsOn', 'a conditional mapping is not imported');
  return relationship;
}

interface MappedElement {
  readonly system: CodeSystemId;
  readonly code: string;
  readonly targets: readonly FhirElement[];
}

/** Reads the articles of a code in order; `unmatched` by itself states that there is none, on purpose. */
function readArticles({ system, code, targets }: MappedElement, target: ResourceTarget): void {
  const [only] = targets;
  const common = { line: 0, system, code, sensitivity: undefined, origin: 'imported' };
  readEach(targets, target, (mapped, index) => {
    const note = mapped.optionalText('comment') ?? '';
    if (mapped === only && targets.length === 1 && mapped.text('equivalence') === 'unmatched') {
      const reason = note || `unmatched in ${mapped.path}`;
      target.rows.mappings.push({ ...common, article: undefined, relationship: 'none', rank: 1, note: reason });
      return;
    }
    const article = mapped.text('code');
    if (!isArticleId(article)) throw mapped.fault('code', `${article} is not an article id`);
    const relationship = readRelationship(mapped);
    if (index >= MOST_ARTICLES_OF_CODE)
      throw mapped.fault('code', `a code has at most ${MOST_ARTICLES_OF_CODE} articles`);
    target.rows.mappings.push({ ...common, article, relationship, rank: index + 1, note });
  });
}

function readCrosswalk({ system, code, targets }: MappedElement, to: CodeSystemId, target: ResourceTarget): void {
  readEach(targets, target, (mapped) => {
    // The code has no counterpart, so there is no crosswalk.
    if (mapped.text('equivalence') === 'unmatched') return;
    const relationship = readRelationship(mapped);
    const targetCode = readPossibleCode(mapped, to);
    target.rows.crosswalks.push({ from: { system, code }, to: { system: to, code: targetCode }, relationship });
  });
}

/** Our articles' own code system; its base depends on the installation, the ids are the same everywhere. */
const ARTICLE_SYSTEM = /\/CodeSystem\/articles$/;

/**
 * Imports a ConceptMap: elements that map to our articles become mapping rows, to a code system crosswalks.
 * @see https://hl7.org/fhir/R4/conceptmap.html
 */
export function readConceptMap(resource: FhirElement, target: ResourceTarget): void {
  readEach(resource.list('group'), target, (group) => {
    const { id: system } = readSystem(group, 'source');
    const toArticles = ARTICLE_SYSTEM.test(group.text('target'));
    const to = toArticles ? undefined : readSystem(group, 'target').id;
    readEach(group.list('element'), target, (element) => {
      const mapped = { system, code: readPossibleCode(element, system), targets: element.list('target') };
      if (to === undefined) readArticles(mapped, target);
      else readCrosswalk(mapped, to, target);
    });
  });
}
