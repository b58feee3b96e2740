import { LIMITS } from '../../../limits.js';
import type { RequestSize, Route } from '../../route.js';
import type { FhirRow } from './rows.js';

/** Types whose resources may hold a whole code system or map. */
const WHOLE_TABLES: ReadonlySet<string | undefined> = new Set(['CodeSystem', 'ConceptMap', 'ValueSet']);

/** A search by code is a lookup, as long as it has few codes. */
const isLookup = ({ query }: RequestSize): boolean =>
  /(?:^|&)event=/.test(query) && query.length <= LIMITS.lightQueryChars;

/** True if reading at a row is long work whatever the size of its request. */
function isLongRead({ type, operation, methods }: FhirRow, size: RequestSize): boolean {
  const { name } = methods[size.method] ?? {};
  if (name === 'search-type') return type !== 'DocumentReference' || !isLookup(size);
  if (name === 'operation') return operation?.code === 'expand';
  return name === 'read' && WHOLE_TABLES.has(type);
}

/**
 * Decides which requests at a row are long work: searches, expansions, whole tables, and whatever has a large body, batches and
 * charts among them. Writes are planned where they are done, and records of patients read where they are written: in the main process.
 */
export function findHeavy(row: FhirRow): Route['isHeavy'] {
  if (row.isByRight) return undefined;
  return (size) => {
    const isWrite = row.methods[size.method]?.right !== undefined;
    return !isWrite && (size.bodyBytes > LIMITS.lightBodyBytes || isLongRead(row, size));
  };
}
