import { readDataFile } from '../core/read-data-file.js';
import type { JsonObject } from './json-object.js';

/** A made-up chart, answered before the first real one comes: FHIR resources. Its codes are never sent to a terminology server. */
export const SAMPLE_CHART = readDataFile('charts/sample.yaml') as readonly JsonObject[];
