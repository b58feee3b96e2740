import { applyDepartment, findDepartment } from '../../../core/model/department.js';
import { answerChart } from '../../../core/charts/answer-chart.js';
import { isChosen, type ChartArticle, type ChartResponse } from '../../../core/charts/chart-response.js';
import { isNeverCut } from '../../../core/charts/choose-pages.js';
import type { ChartThresholds } from '../../../core/charts/chart-settings.js';
import { dayInZone } from '../../../core/time-in-zone.js';
import { describeAnswers } from '../../answer-facts.js';
import { NO_STORE } from '../../route.js';
import type { OperationInput, OperationModule, OperationRun } from '../rest/interaction.js';
import { readOperation } from '../rest/shipped.js';
import type { DocumentReader } from '../documents/read.js';
import { toBundle } from './answer-bundle.js';
import { readContext, readDepartmentNames, readPatient, readSetting } from './read-context.js';
import { readInputs } from './read-inputs.js';
import { listCombinations } from '../../../core/charts/gather-pages.js';
import {
  createInputExpressions,
  listRemarks,
  remarkOnCombinations,
  remarkOnCount,
  remarkOnCut,
  remarkOnLanguage,
  remarkOnLeaflets,
  remarkOnTitles,
} from './remarks.js';
import type { ModuleOptions } from '../rest/module-options.js';

/** The site's thresholds with those that a request brings. */
function readThresholds(input: OperationInput, site: ChartThresholds): ChartThresholds {
  const sent = (['visitDays', 'shortIllnessDays', 'vaccineDays'] as const).flatMap((name) =>
    input.has(name) ? [[name, input.get(name)?.[0]?.valueUnsignedInt ?? site[name]] as const] : [],
  );
  return { ...site, ...Object.fromEntries(sent) };
}

/**
 * The articles that are returned: without a count those that are chosen, and all that answer a question put by itself;
 * with one so many, and beyond it the drugs that are new or of high risk.
 */
function cutArticles({ articles }: ChartResponse, count: number | undefined): ChartArticle[] {
  const isKept = (one: ChartArticle): boolean => isChosen(one) && one.place !== 'asked' && isNeverCut(one);
  if (count !== undefined) {
    const counted = articles.filter((one, index) => index < count || isKept(one));
    const combinations = new Set(counted.flatMap(listCombinations));
    // All pages of a combination of drugs, or none.
    return articles.filter(
      (one) => counted.includes(one) || listCombinations(one).some((input) => combinations.has(input)),
    );
  }
  return articles.filter((one) => isChosen(one) || one.place === 'asked');
}

/** Creates what answers the operation. */
function createRun(options: ModuleOptions, reader: DocumentReader): OperationRun {
  const { library, terminologySource, texts, canonicalBase, maxArticles, timeZone } = options;
  return async (input, request, place) => {
    const { now, baseUrl } = request;
    const isRequested = (name: string): boolean => input.get(name)?.[0]?.valueBoolean ?? false;
    const reading = {
      includeInactive: isRequested('includeInactive'),
      asksDoubtful: false,
      now,
      ...readSetting(input),
    };
    const read = readInputs(input, reading);
    const { inputs, questions, people, setting } = read;
    const today = dayInZone(now, timeZone);
    const patient = readPatient(people, today);
    const department = findDepartment(options.departments, [...readDepartmentNames(input), ...read.places]);
    const context = readContext(input, patient, today, department?.language);
    const count = input.get('count')?.[0]?.valuePositiveInt;
    const situation = {
      now: now.getTime(),
      setting,
      thresholds: readThresholds(input, applyDepartment(options.chartThresholds, department)),
      // One code may be requested with more articles than each of a chart's.
      perQuestion: Math.max(maxArticles, Math.ceil((count ?? 0) / Math.max(1, questions.length))),
      isDeceased: patient.isDeceased === true && !isRequested('includeDeceased'),
    };
    const chart = await answerChart(questions, context, situation, library, terminologySource);
    const returned = cutArticles(chart, count);
    const articles = returned.map(({ article }) => article);
    const documents = await reader.documents(articles, request);
    const t = texts('en');
    // A patient learns nothing of what is not returned: held pages look like pages that are not there.
    const isForPatient = context.performer === 'PAT' && !chart.isForDeceased;
    const findExpression = createInputExpressions(request);
    const unserved = isForPatient ? [] : listRemarks(inputs, chart, t, findExpression);
    const isReturned = new Set(returned);
    const left = chart.articles.filter((one) => !isReturned.has(one));
    const remarks = [
      ...unserved,
      ...(isForPatient ? [] : remarkOnLeaflets(chart, inputs, t, findExpression)),
      ...remarkOnTitles(returned, inputs, t, findExpression),
      ...remarkOnCut(questions, t),
      ...remarkOnCombinations(inputs, returned, t, findExpression),
      ...remarkOnCount(read, left, t, findExpression),
    ];
    const level = place.type === undefined ? '' : `/${place.type}`;
    const self = `${baseUrl}/fhir${level}/$knowledge-request`;
    const first = remarkOnLanguage(context.foreignLanguage, articles, t);
    const facts = { inputs, related: chart.response.related, first, canonicalBase, baseUrl, self };
    const resource = toBundle(returned, documents, remarks, facts);
    // The answer is about one patient's chart: no cache on the way stores it either.
    const headers = { 'Cache-Control': NO_STORE };
    return { status: 200, resource, headers, facts: describeAnswers(chart.response) };
  };
}

/**
 * `$knowledge-request`: the articles that explain codes or a whole chart, for a reader (HL7 Infobutton's knowledge request, in
 * FHIR R4). What is known of the patient shapes the answer and is in none of its parts.
 */
export const createKnowledgeRequest = (options: ModuleOptions, reader: DocumentReader): OperationModule => ({
  definition: readOperation('knowledge-request', options),
  run: createRun(options, reader),
});
