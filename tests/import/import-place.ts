import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Coding, Concept, ManagedLibrary, MappingRecord } from '../../src/core/model/library.js';
import type { ImportLog, ImportSetting, InputFile } from '../../src/import/import-source.js';
import { openInput } from '../../src/import/read/input-files.js';
import type { ImportReport } from '../../src/import/run-import.js';
import { createRowFinder } from '../../src/import/read/row-comparison.js';
import { isGraveTitle } from '../../src/core/policy/grave-subjects.js';
import { runImport } from '../../src/import/run-import.js';
import { findImportSource } from '../../src/import/sources.js';
import { openLibrary } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import type { CrosswalkFacts } from '../../src/build/source.js';
import { putSeedFile } from '../contract/seed-layers.js';
import { seedPlaces, writeFiles } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';

/** A real library file, built from the seed, into which files are imported. */
export interface ImportPlace {
  /** Folder for files of the test's own. */
  readonly folder: string;
  /** Writes files (name → text) into a folder of their own and imports that. */
  importTexts(source: string, files: Readonly<Record<string, string>>): Promise<ImportReport>;
  /** Imports a file, folder, gz or zip. */
  importFrom(source: string, place: string): Promise<ImportReport>;
  concept(system: Coding['system'], code: string): Promise<Concept | undefined>;
  mappings(system: Coding['system'], code: string): Promise<MappingRecord[]>;
  look<T>(work: (library: ManagedLibrary) => Promise<T> | T): Promise<T>;
  remove(): void;
}

export function importPlace(): ImportPlace {
  const { path, remove } = temporaryFolder();
  const options = seedPlaces(join(path, 'seed'));
  let folders = 0;
  let isThere: Promise<void> | undefined;
  const putSeed = (): Promise<void> => (isThere ??= putSeedFile(options, ['starter']));
  const look: ImportPlace['look'] = async (work) => {
    await putSeed();
    const { library } = await openLibrary(options);
    try {
      return await work(library);
    } finally {
      await library.close();
    }
  };
  const importFrom: ImportPlace['importFrom'] = async (name, place) => {
    const source = findImportSource(name);
    if (!source) throw new RangeError(`no source ${name}`);
    await putSeed();
    const releases = await Releases.open(options);
    const known = await releases.findArticles(name);
    const input = await openInput(place);
    try {
      return await runImport(source, input.files, {
        begin: (identity) => releases.begin(identity),
        rowsBefore: await releases.countRows(name),
        hasArticle: (id) => known.has(id),
        resourcesDir: options.resourcesDir,
        isMapped: await releases.findMapped(name),
        findRow: createRowFinder(await releases.listRowPages('snomed-ct', name), isGraveTitle),
        today: '2026-11-24',
        onRows: () => undefined,
      });
    } finally {
      input.close();
      await releases.close();
    }
  };
  return {
    folder: path,
    importFrom,
    importTexts: (name, files) => {
      folders += 1;
      return importFrom(name, writeFiles(join(path, `files-${folders}`), files));
    },
    concept: (system, code) => look((library) => library.findConcepts([{ system, code }])[0]),
    mappings: (system, code) => look((library) => library.findMappings([{ system, code }])),
    look,
    remove,
  };
}

/** Setting of importers for an empty library. */
export const SETTING: ImportSetting = { resourcesDir: 'resources', isMapped: () => false };

/** A file whose bytes come a few at a time. */
export function fileOf(name: string, text: string | Buffer, chunkBytes = 65_536): InputFile {
  const bytes = Buffer.from(text as string);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
  return { name, label: name, modifiedOn: '2026-11-24', open: async () => Readable.from(chunks) };
}

/** A log that keeps what it is told of rejected rows. */
export function rejections(): ImportLog & { readonly rejected: string[] } {
  const rejected: string[] = [];
  return {
    rejected,
    read: () => undefined,
    reject: (_file, line, reason) => {
      rejected.push(`${line}: ${reason}`);
    },
    release: () => undefined,
  };
}

/** The crosswalks that an importer makes of files, each as "code → target relationship". */
export async function crosswalksOf(name: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const told: string[] = [];
  const inputs = Object.entries(files).map(([file, text]) => fileOf(file, text));
  const tell = ({ from, to, relationship }: CrosswalkFacts): string => `${from.code} → ${to.code} ${relationship}`;
  const portions = findImportSource(name)?.read(inputs, rejections(), SETTING) ?? [];
  for await (const { crosswalks = [] } of portions) told.push(...crosswalks.map(tell));
  return told;
}

/** Packs texts into a zip. @param encoding of the texts; latin1 for bytes */
export async function writeZip(
  path: string,
  files: Readonly<Record<string, string>>,
  encoding: BufferEncoding = 'utf8',
): Promise<string> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text, encoding), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}
