import type { Resource } from '@medplum/fhirtypes';
import { dayInZone } from '../../../core/time-in-zone.js';
import { readPatient, type ChartPatient } from './read-context.js';
import { readInputs, type ChartInputs, type InputOptions } from './read-inputs.js';
import { findChartSetting } from '../../../core/charts/chart-settings.js';
import { readResource } from '../rest/body.js';

export interface WholeChart extends Pick<ChartInputs, 'inputs' | 'questions' | 'setting' | 'places'> {
  readonly patient: ChartPatient;
}

/**
 * Reads a chart that did not come as FHIR's operation, by the rules of `$knowledge-request`. Of the patient nothing but sex, age groups,
 * language and death is in the result.
 * @param resources resources and Bundles; a position begins with `resource[0]` for what is of the first one
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export function readWholeChart(
  resources: readonly unknown[],
  options: Required<InputOptions>,
  timeZone: string,
): WholeChart {
  const input = new Map([['resource', resources.map((one) => ({ name: 'resource', resource: one as Resource }))]]);
  const { people, ...read } = readInputs(input, options);
  return { ...read, patient: readPatient(people, dayInZone(options.now, timeZone)) };
}

const NOTHING: WholeChart = {
  inputs: [],
  questions: [],
  setting: 'ambulatory',
  places: [],
  patient: { ageGroups: [] },
};

type Reading = Pick<InputOptions, 'includeInactive' | 'now' | 'isChart'>;

/**
 * Reads the resources of a chart by the rules of `$knowledge-request`; a clinician checks it, so facts in doubt are
 * questions as well.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export function readPastedResources(resources: readonly unknown[], reading: Reading, timeZone: string): WholeChart {
  const findSetting = (encounterClass: string | undefined) =>
    findChartSetting(encounterClass, { task: undefined, performer: undefined });
  const options = {
    isChart: false,
    ...reading,
    asksDoubtful: true,
    encounter: undefined,
    server: undefined,
    findSetting,
  };
  return readWholeChart(resources, options, timeZone);
}

/**
 * Reads a pasted chart: one resource or a Bundle in FHIR's JSON or XML.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export function readPastedChart(text: string, reading: Reading, timeZone: string): WholeChart {
  const bytes = Buffer.from(text.trimStart());
  const syntax = /^[\s\uFEFF]*</.test(text) ? 'xml' : 'json';
  const resource = readResource({ contentType: `application/fhir+${syntax}`, bytes });
  return resource ? readPastedResources([resource], reading, timeZone) : NOTHING;
}
