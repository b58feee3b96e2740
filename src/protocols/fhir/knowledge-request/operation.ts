import { readFileSync } from 'node:fs';
import type { OperationDefinition } from '@medplum/fhirtypes';
import { answerChart } from '../../../core/chart.js';
import type { Elsewhere } from '../../../core/elsewhere.js';
import { dayInZone } from '../../../core/day-in-zone.js';
import { takeSteps } from '../../../core/give-way.js';
import type { Library } from '../../../core/library.js';
import { LIMITS } from '../../../limits.js';
import type { Texts } from '../../../texts.js';
import { giveWay } from '../../../turns.js';
import { describeAnswers } from '../../answer-facts.js';
import { NO_STORE } from '../../route.js';
import type { FhirAnswer, FhirRequest, OperationInput, OperationModule, OperationPlace } from '../interaction.js';
import type { DocumentReader } from '../read.js';
import { toBundle } from './answer-bundle.js';
import { inputExpressions } from './input-expression.js';
import { readContext } from './read-context.js';
import { readInputs } from './read-inputs.js';
import { languageRemark, remarksOf } from './remarks.js';

export interface KnowledgeRequestOptions {
  readonly library: Library;
  readonly elsewhere: Elsewhere | undefined;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly resourcesDir: string;
  /** The most articles that one question is answered with. */
  readonly maxArticles: number;
  /** IANA name of the time zone whose day a patient's age is counted by. */
  readonly timeZone: string;
}

function readDefinition(resourcesDir: string, canonicalBase: string): OperationDefinition {
  const text = readFileSync(`${resourcesDir}/fhir/OperationDefinition-knowledge-request.json`, 'utf8');
  return JSON.parse(text.replaceAll('{{canonicalBase}}', canonicalBase)) as OperationDefinition;
}

/**
 * `$knowledge-request`: the articles that explain codes or a whole chart, for a reader (HL7 Infobutton's knowledge request, in
 * FHIR R4). What is known of the patient shapes the answer and is in none of its parts.
 */
export function knowledgeRequestOperation(options: KnowledgeRequestOptions, reader: DocumentReader): OperationModule {
  const { library, elsewhere, texts, canonicalBase, resourcesDir, maxArticles, timeZone } = options;
  const limits = { maxResources: LIMITS.maxChartResources, maxQuestions: LIMITS.maxChartQuestions };

  const run = async (input: OperationInput, request: FhirRequest, place: OperationPlace): Promise<FhirAnswer> => {
    const { now, baseUrl } = request;
    const includeInactive = input.get('includeInactive')?.[0]?.valueBoolean ?? false;
    const read = readInputs(input, { includeInactive, now }, limits);
    const { inputs, questions, patients } = await takeSteps(read, giveWay);
    const context = readContext(input, patients, dayInZone(now, timeZone));
    const count = input.get('count')?.[0]?.valuePositiveInt;
    // One code may be asked for more articles than each of a chart's.
    const perQuestion = Math.max(maxArticles, Math.ceil((count ?? 0) / Math.max(1, questions.length)));
    const most = { perQuestion, inAll: count ?? Infinity };
    const chart = await answerChart(questions, context, most, library, elsewhere, giveWay);
    const articles = chart.articles.map(({ article }) => article);
    const documents = await reader.documents(articles, baseUrl);
    const remarks = await takeSteps(remarksOf(inputs, chart, texts('en'), inputExpressions(request)), giveWay);
    const level = place.type === undefined ? '' : `/${place.type}`;
    const self = `${baseUrl}/fhir${level}/$knowledge-request`;
    const { related } = chart.response;
    const first = languageRemark(context.foreignLanguage, articles, texts('en'));
    const facts = { inputs, related, first, canonicalBase, baseUrl, self };
    const resource = await takeSteps(toBundle(chart.articles, documents, remarks, facts), giveWay);
    // It is made for one patient's chart: nobody on the way keeps it either.
    const headers = { 'Cache-Control': NO_STORE };
    return { status: 200, resource, headers, facts: describeAnswers(chart.response) };
  };
  return { definition: readDefinition(resourcesDir, canonicalBase), run };
}
