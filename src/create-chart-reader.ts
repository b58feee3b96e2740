import { readPastedChart, readPastedResources } from './protocols/fhir/knowledge-request/read-whole-chart.js';
import { dayInZone } from './core/time-in-zone.js';
import type { ChartReader } from './web/list/packet.js';

/**
 * Reads what was pasted as a chart: FHIR's JSON or XML, or a C-CDA document, which becomes FHIR resources; the rules of a chart are
 * the same for all of them.
 * @param timeZone IANA name of the time zone whose day the patient's age is counted by
 */
export function createChartReader(timeZone: string): ChartReader {
  return async (text, reading) => {
    // Loaded with the first chart that was pasted: most requests have none.
    const { isClinicalDocument, readClinicalDocument } = await import('./protocols/ccda/read-document.js');
    if (!isClinicalDocument(text)) return readPastedChart(text, reading, timeZone);
    const resources = readClinicalDocument(text, dayInZone(reading.now, timeZone));
    return readPastedResources(resources, { ...reading, isChart: true }, timeZone);
  };
}
