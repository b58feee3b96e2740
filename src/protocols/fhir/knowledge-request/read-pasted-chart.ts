import type { Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../../config.js';
import type { RequestContext } from '../../../core/knowledge-request.js';
import { readResource } from '../body.js';
import { readContext } from './read-context.js';
import type { ChartInputs } from './read-inputs.js';
import { readInputs } from './read-inputs.js';

const asInput = (resource: Resource) => new Map([['resource', [{ name: 'resource', resource }]]]);

/**
 * Reads a chart that somebody pasted: one resource or a Bundle in FHIR's JSON, by the rules of `$knowledge-request`.
 * Of the patient nothing but sex and age groups is in the result.
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export function readPastedChart(
  text: string,
  { includeInactive, now }: { readonly includeInactive: boolean; readonly now: Date },
): Pick<ChartInputs, 'inputs' | 'questions'> & { readonly patient: Pick<RequestContext, 'sex' | 'ageGroups'> } {
  const resource = readResource({ contentType: 'application/fhir+json', bytes: Buffer.from(text) });
  if (!resource) return { inputs: [], questions: [], patient: { sex: undefined, ageGroups: [] } };
  const limits = { maxResources: LIMITS.maxChartResources, maxQuestions: LIMITS.maxChartQuestions };
  const { inputs, questions, patients } = readInputs(asInput(resource), { includeInactive, now }, limits);
  const { sex, ageGroups } = readContext(new Map(), patients, now);
  return { inputs, questions, patient: { sex, ageGroups } };
}
