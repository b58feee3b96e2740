import type { BundleEntry, OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { Article } from '../../../core/model/article.js';
import {
  isChosen,
  type ChartArticle,
  type ChartMiss,
  type ChartResponse,
} from '../../../core/charts/chart-response.js';
import { listCombinations } from '../../../core/charts/gather-pages.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { findLanguageOffer, nameLanguage } from '../../../core/model/language-links.js';
import { MAX_TEXT_CHARS } from '../../../core/client-text.js';
import type { ChartQuestion } from '../../../core/charts/chart-question.js';
import { isCutCoding, type RequestCoding } from '../../../core/answer/knowledge-request.js';
import { isByTitle, type MissReason } from '../../../core/answer/knowledge-response.js';
import { displayCode } from '../../../core/codes/normalize-code.js';
import type { Translate } from '../../../texts.js';
import { holdOrMissText } from '../../chart-texts.js';
import { countInputs, groupInputs, kindOfInput, type Reasoned } from '../../group-inputs.js';
import { groupBy } from '../../../core/group-by.js';
import type { FhirRequest } from '../rest/interaction.js';
import { createOutcome } from '../rest/outcome.js';
import { isResourceType } from '../syntax/structure.js';
import type { ChartInput, ChartInputs } from './read-inputs.js';

type Remark = BundleEntry<OperationOutcome>;
type IssueCode = OperationOutcomeIssue['code'];

/** Text that looks like a code and its system; anything else in their place is not returned. */
const CODE = /^[A-Za-z0-9._:-]{1,40}$/;
const SYSTEM = /^(https?:\/\/|urn:)[A-Za-z0-9._~:/-]{1,200}$/;

/** A coding as a token, `system|code`: its system as FHIR writes it. */
function renderToken(coding: RequestCoding | undefined, normalized?: string): string {
  if (!coding) return '';
  const system = coding.system ? codeSystem(coding.system).uri : coding.systemSent;
  const sent = coding.code.trim();
  const code = coding.system && normalized !== undefined ? displayCode(coding.system, normalized) : sent;
  return SYSTEM.test(system) && CODE.test(code) ? ` ${system}|${code}` : '';
}

/** Misses by the site's own policy. */
const BY_SITE: ReadonlySet<MissReason> = new Set(['held', 'minimum-age', 'suppressed']);

/** An input without a page, or with one that is held back. */
interface Unserved extends Reasoned<ChartInput> {
  readonly token: string;
  readonly code: IssueCode;
}

const toRemark = (code: IssueCode, text: string, expressions: readonly string[] = []): Remark => ({
  resource: createOutcome('information', code, `${text}.`, expressions),
  search: { mode: 'outcome' },
});

/** A drug without a page has a next step; one that is held has none. */
const isDrugWithoutPage = ({ answer: { miss }, hold, reason, question: { kind } }: ChartMiss): boolean =>
  kind === 'medication' && miss !== undefined && !BY_SITE.has(miss.reason) && !hold && !reason;

function findIssueCode({ answer: { miss, conflict }, hold, reason }: ChartMiss): IssueCode {
  if (hold === 'title-conflict') return 'conflict';
  if (hold ?? BY_SITE.has(miss?.reason ?? 'code-not-mapped')) return 'suppressed';
  if (reason) return 'informational';
  return conflict ? 'conflict' : 'not-found';
}

function findUnserved(inputs: readonly ChartInput[], chart: ChartResponse, translate: Translate): Unserved[] {
  const unserved: Unserved[] = [];
  for (const input of inputs) {
    const { reading, type } = input;
    if (reading.state === 'take') continue;
    const reason = translate(`chart.${reading.reason}`, { status: reading.status });
    const code = reading.state === 'hold' ? 'suppressed' : 'informational';
    unserved.push({ input, kind: kindOfInput(type, reading.reason), reason, token: renderToken(input.coding), code });
  }
  for (const miss of [...chart.misses, ...chart.held]) {
    const input = inputs[miss.question.input];
    if (!input || input.reading.state !== 'take') continue;
    const { coding, code: normalized } = miss.answer;
    const token = renderToken(input.coding ?? coding, input.coding === coding ? normalized : undefined);
    const next = isDrugWithoutPage(miss) ? `; ${translate('words.drugNextStep')}` : '';
    const why = holdOrMissText(miss, translate) + next;
    const reason = miss.hold ? `${translate('chart.held')}: ${why}` : why;
    unserved.push({ input, kind: kindOfInput(input.type), reason, token, code: findIssueCode(miss) });
  }
  return unserved;
}

/** Inputs that a group names one by one; the others are counted, and their places are in `expression`. */
const MOST_NAMED = 20;

function nameInput({ input: { position, type }, token }: Pick<Unserved, 'input' | 'token'>): string {
  const isNamed = isResourceType(type) || type === 'Coding' || type === 'CodeableConcept';
  return `${position} ${isNamed ? type : 'Resource'}${token}`;
}

/** The first remark if the reader's language is not one of ours; none otherwise, and without any article. */
export function remarkOnLanguage(
  foreignLanguage: string | undefined,
  articles: readonly Pick<Article, 'links'>[],
  translate: Translate,
): Remark[] {
  if (foreignLanguage === undefined || articles.length === 0) return [];
  const isLinked = findLanguageOffer(articles, foreignLanguage) === 'linked';
  const language = nameLanguage(foreignLanguage, 'en');
  return [toRemark('informational', translate(isLinked ? 'chart.languageLinked' : 'chart.language', { language }))];
}

/**
 * Remarks on inputs that are left out, held for the clinician, without an article, or with one that is held back: one
 * for each kind and reason, which names the inputs and counts them if they are several.
 * @param findExpression where a position is in the posted body, as FHIRPath
 */
export function listRemarks(
  inputs: readonly ChartInput[],
  chart: ChartResponse,
  translate: Translate,
  findExpression: (position: string) => string | undefined,
): Remark[] {
  if (chart.isForDeceased) return [toRemark('suppressed', translate('chart.deceased'))];
  const remarks: Remark[] = [];
  const unserved = findUnserved(inputs, chart, translate);
  for (const { kind, reason, items } of groupInputs<ChartInput, Unserved>(unserved)) {
    const expressions = items.flatMap(({ input }) => findExpression(input.position) ?? []);
    const more = items.length > MOST_NAMED ? '; …' : '';
    const names = items.slice(0, MOST_NAMED).map(nameInput).join('; ') + more;
    const counted = `${countInputs(kind, items.length, translate)}: ${reason} (${names})`;
    const text = items.length === 1 ? `${names}: ${reason}` : counted;
    remarks.push(toRemark(items[0]?.code ?? 'informational', text, expressions));
  }
  return remarks;
}

/**
 * Returns the place of an input in the posted body, as the simple FHIRPath of OperationOutcome.issue.expression:
 * `resource[0].entry[2]` → `Parameters.parameter[3].resource.entry[2].resource`. Undefined for inputs of the query.
 */
export function createInputExpressions({ parameters, body }: FhirRequest): (position: string) => string | undefined {
  const posted = body?.resourceType === 'Parameters' ? [...(body.parameter ?? []).entries()] : undefined;
  const places = posted && groupBy(posted, ([, { name }]) => name);
  return (position) => {
    const [, name = '', index = '', rest = ''] = /^(\w+)\[(\d+)\](.*)$/.exec(position) ?? [];
    const below = rest.replace(/\.entry\[\d+\]/g, '$&.resource');
    if (!body) return undefined;
    if (!places) return name === 'resource' ? `${body.resourceType}${below}` : undefined;
    // Those of the query are read first.
    const inQuery = parameters.filter(([sent, value]) => sent === name && value.trim() !== '').length;
    const [place] = places.get(name)?.[Number(index) - inQuery] ?? [];
    if (place === undefined) return undefined;
    return `Parameters.parameter[${place}]${name === 'resource' ? '.resource' : ''}${below}`;
  };
}

/** The remark on codings whose texts were cut. */
export function remarkOnCut(questions: readonly Pick<ChartQuestion, 'codings'>[], translate: Translate): Remark[] {
  const isCut = questions.some(({ codings }) => codings.some(isCutCoding));
  return isCut ? [toRemark('informational', translate('chart.cut', { most: MAX_TEXT_CHARS }))] : [];
}

/** The remark on combinations of drugs whose pages are those of all their ingredients. */
export function remarkOnCombinations(
  inputs: readonly ChartInput[],
  articles: readonly ChartArticle[],
  translate: Translate,
  findExpression: (position: string) => string | undefined,
): Remark[] {
  const combined = [...new Set(articles.flatMap(listCombinations))].flatMap((input) => inputs[input] ?? []);
  if (combined.length === 0) return [];
  const names = combined.slice(0, MOST_NAMED).map((input) => nameInput({ input, token: renderToken(input.coding) }));
  const expressions = combined.flatMap(({ position }) => findExpression(position) ?? []);
  const text = translate('words.each-ingredient').replace(/\.$/, '');
  return [toRemark('informational', `${text} (${names.join('; ')})`, expressions)];
}

/** Remarks on drugs that have a page and no leaflet of their own: one for each reason, which names the inputs. */
export function remarkOnLeaflets(
  { noLeaflets }: ChartResponse,
  inputs: readonly ChartInput[],
  translate: Translate,
  findExpression: (position: string) => string | undefined,
): Remark[] {
  return [...groupBy(noLeaflets, ({ reason }) => reason)].map(([reason, items]) => {
    const drugs = items.flatMap(({ input }) => inputs[input] ?? []);
    const names = drugs.slice(0, MOST_NAMED).map((input) => nameInput({ input, token: renderToken(input.coding) }));
    const expressions = drugs.flatMap(({ position }) => findExpression(position) ?? []);
    const text = translate('leaflet.noLeaflet', { reason: translate(`leaflet.none.${reason}`) });
    return toRemark('informational', `${text} (${names.join('; ')})`, expressions);
  });
}

/** Articles cut by a count that are named one by one; the others are counted. */
const MOST_CUT = 50;

/** The remark on an article that a count cut: its title, with the inputs that it explains. */
function remarkOnCutArticle(
  { text, reasons }: ChartArticle,
  inputs: readonly ChartInput[],
  translate: Translate,
  findExpression: (position: string) => string | undefined,
): Remark {
  const explained = reasons.flatMap(({ question, coding, match }) => {
    const input = inputs[question.input];
    if (!input) return [];
    const code = match.path.find(({ kind }) => kind === 'asked')?.code;
    return [{ input, token: renderToken(input.coding ?? coding, input.coding === coding ? code : undefined) }];
  });
  const names = explained.slice(0, MOST_NAMED).map(nameInput).join('; ');
  const expressions = explained.flatMap(({ input }) => findExpression(input.position) ?? []);
  return toRemark('informational', translate('chart.cut-page', { title: text.title, names }), expressions);
}

/**
 * The remarks on articles that were found and are not returned: one for each that a count cut, with the places and codes of what it
 * explains, and one that counts them all. At a portal they are counted alone.
 */
export function remarkOnCount(
  { setting, inputs }: Pick<ChartInputs, 'setting' | 'inputs'>,
  left: readonly ChartArticle[],
  translate: Translate,
  findExpression: (position: string) => string | undefined,
): Remark[] {
  if (left.length === 0) return [];
  const isPortal = setting === 'portal';
  const cut = isPortal ? [] : left.filter((one) => isChosen(one) || one.notChosen === 'beyond-most').slice(0, MOST_CUT);
  const named = cut.map((article) => remarkOnCutArticle(article, inputs, translate, findExpression));
  const text = translate(isPortal ? 'chart.not-released' : 'chart.beyond-count', { count: left.length });
  return [...named, toRemark('informational', text)];
}

/** The remark on articles that titles led to: it names the inputs. */
export function remarkOnTitles(
  articles: readonly ChartArticle[],
  inputs: readonly ChartInput[],
  translate: Translate,
  findExpression: (position: string) => string | undefined,
): Remark[] {
  const reasons = articles.flatMap((article) => article.reasons.filter(({ match }) => isByTitle(match)));
  const positions = [...new Set(reasons.flatMap(({ question }) => inputs[question.input]?.position ?? []))];
  if (positions.length === 0) return [];
  const named = positions.slice(0, MOST_NAMED).join('; ') + (positions.length > MOST_NAMED ? '; …' : '');
  const expressions = positions.flatMap((position) => findExpression(position) ?? []);
  return [toRemark('informational', `${named}: ${translate('chart.byTitle')}`, expressions)];
}
