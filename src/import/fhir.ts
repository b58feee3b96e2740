import { NO_ROWS, countRows, type LibraryRows } from '../build/source.js';
import { readDocumentReference } from './fhir/fhir-documents.js';
import { ElementError, FhirElement, readEach, type CollectedRows, type ResourceTarget } from './fhir/fhir-element.js';
import { readCodeSystem, readConceptMap } from './fhir/fhir-terminology.js';
import {
  type ImportLog,
  type ImportSource,
  type InputFile,
  ImportError,
  isBesideFiles,
  findNewestDay,
} from './import-source.js';
import { readWhole } from './read/read-text.js';

const JSON_FILE = /\.(json|ndjson|jsonl)$/i;

/** One JSON value of a file and its line; 0 if it is the whole file. */
interface Document {
  readonly value: unknown;
  readonly line: number;
}

/**
 * Reads one resource per line. A line that is not JSON is rejected; an unterminated one at the end means a truncated
 * file.
 */
function readNdjson(file: InputFile, text: string, log: ImportLog): Document[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    try {
      return [{ value: JSON.parse(line) as unknown, line: index + 1 }];
    } catch {
      if (index === lines.length - 1) throw new ImportError(`${file.label} stops in line ${index + 1}: truncated`);
      log.reject(file.label, index + 1, 'not JSON');
      return [];
    }
  });
}

/** Reads a file's documents: a single one, or one per line, regardless of its name. */
async function readDocuments(file: InputFile, log: ImportLog): Promise<Document[]> {
  const text = await readWhole(file);
  if (!/\.(ndjson|jsonl)$/i.test(file.name)) {
    try {
      return [{ value: JSON.parse(text) as unknown, line: 0 }];
    } catch (error) {
      if (!/^\s*\{.*\}[^\S\n]*\n\s*\{/.test(text)) {
        throw new ImportError(`${file.label} is not a complete JSON document: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
  }
  return readNdjson(file, text, log);
}

const READERS: ReadonlyMap<string, (resource: FhirElement, target: ResourceTarget) => void> = new Map([
  ['CodeSystem', readCodeSystem],
  ['ConceptMap', readConceptMap],
  ['DocumentReference', readDocumentReference],
]);

/** The same element, named by its type and id. */
function named(resource: FhirElement): FhirElement {
  const id = resource.optionalText('id');
  const name = `${resource.text('resourceType')}${id === undefined ? '' : `/${id}`}`;
  return resource.at(resource.path === '' ? name : `${resource.path} ${name}`);
}

function readResource(resource: FhirElement, target: ResourceTarget): void {
  const read = READERS.get(resource.text('resourceType'));
  const documents = [...READERS.keys()].join(', ');
  if (!read) throw new ElementError(named(resource).path, `not a resource that can be imported (${documents})`);
  read(named(resource), target);
}

/** A Bundle's resources, whatever its type, or the resource itself. */
function listResources(document: FhirElement, target: ResourceTarget): FhirElement[] {
  if (document.text('resourceType') !== 'Bundle') return [document];
  const resources: FhirElement[] = [];
  readEach(named(document).list('entry'), target, (entry) => resources.push(entry.child('resource')));
  return resources;
}

function readDocument(value: unknown, target: ResourceTarget): void {
  readEach([value], target, (document) => {
    readEach(listResources(new FhirElement(document, ''), target), target, (resource) => {
      readResource(resource, target);
    });
  });
}

async function* readFiles(files: readonly InputFile[], log: ImportLog): AsyncGenerator<LibraryRows> {
  const rows = Object.fromEntries(Object.keys(NO_ROWS).map((kind) => [kind, []])) as unknown as CollectedRows;
  const complete: ResourceTarget['complete'] = new Set();
  let found = false;
  for (const file of files.filter(({ name }) => !isBesideFiles(name))) {
    if (!JSON_FILE.test(file.name)) {
      log.read(1);
      log.reject(file.label, 0, 'not FHIR JSON (.json, .ndjson)');
      continue;
    }
    found = true;
    for (const { value, line } of await readDocuments(file, log)) {
      const before = countRows(rows);
      let rejected = 0;
      const target: ResourceTarget = {
        rows,
        complete,
        reject: (reason) => {
          rejected += 1;
          log.reject(file.label, line, reason);
        },
      };
      readDocument(value, target);
      log.read(countRows(rows) - before + rejected);
    }
  }
  if (!found) throw new ImportError('none of the files is FHIR JSON (.json, .ndjson)');
  const day = findNewestDay(files);
  log.release({ version: day, date: day, complete: [...complete] });
  yield rows;
}

/** FHIR R4 in JSON: a Bundle, one resource per line, or single resources. */
export const fhir: ImportSource = {
  name: 'fhir',
  description: 'FHIR R4 JSON: Bundle, NDJSON or single resources (CodeSystem, ConceptMap, DocumentReference)',
  read: readFiles,
};
