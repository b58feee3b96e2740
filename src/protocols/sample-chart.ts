import type { Resource } from '@medplum/fhirtypes';
import { readDataFile } from '../core/read-data-file.js';

/** A made-up chart, answered before the first real one comes. Its codes are never sent to a terminology server. */
export const SAMPLE_CHART = readDataFile('charts/sample.yaml') as readonly Resource[];
