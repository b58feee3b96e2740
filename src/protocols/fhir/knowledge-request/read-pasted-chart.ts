import { findChartSetting } from '../../../core/charts/chart-settings.js';
import { takeSteps } from '../../../core/give-way.js';
import { LIMITS } from '../../../limits.js';
import { giveWay, takeTurn } from '../../../turns.js';
import { readResource } from '../rest/body.js';
import type { WholeChart, WholeChartOptions } from './read-whole-chart.js';
import { readWholeChart } from './read-whole-chart.js';

const NOTHING: WholeChart = { inputs: [], questions: [], setting: 'ambulatory', patient: { ageGroups: [] } };

type Reading = Pick<WholeChartOptions, 'includeInactive' | 'now'> & Partial<Pick<WholeChartOptions, 'isChart'>>;

/**
 * Reads the resources of a chart by the rules of `$knowledge-request`; a clinician looks at it, so facts in doubt ask as well.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export function readPastedResources(
  resources: readonly unknown[],
  reading: Reading,
  timeZone: string,
): Promise<WholeChart> {
  const findSetting = (encounterClass: string | undefined) =>
    findChartSetting(encounterClass, { task: undefined, performer: undefined });
  const options = { isChart: false, ...reading, asksDoubtful: true, encounter: undefined, findSetting };
  return readWholeChart(resources, options, timeZone);
}

/**
 * Reads a chart that somebody pasted: one resource or a Bundle in FHIR's JSON or XML.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 * @throws RequestError `bad-resource`, `too-many-resources`, `too-many-criteria`
 */
export async function readPastedChart(text: string, reading: Reading, timeZone: string): Promise<WholeChart> {
  const bytes = Buffer.from(text.trimStart());
  if (bytes.length > LIMITS.smallRequestBytes) await takeTurn();
  const syntax = /^[\s\uFEFF]*</.test(text) ? 'xml' : 'json';
  const resource = await takeSteps(readResource({ contentType: `application/fhir+${syntax}`, bytes }), giveWay);
  return resource ? readPastedResources([resource], reading, timeZone) : NOTHING;
}
