import { findKeeperFile } from './keeper-files.js';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Layer } from '../core/model/library.js';
import { INDEX_VERSION } from '../core/search/text-index.js';
import { keepMappings, listMappingFiles } from './keep-mappings.js';
import { addHandouts, filesBesideHandouts, handoutFiles, handoutLinks, handoutsFolder } from './handouts.js';
import { readSource } from './read-source.js';
import type { Complaint, LibrarySource } from './source.js';
import type { Connection, Queries, Writer } from '../store/connection.js';
import { DamagedFileError, fetchFiles } from '../store/fetch-release.js';
import {
  deactivate,
  dropRelease,
  findActiveRelease,
  isRebuilt,
  listReleases,
  pruneReleases,
  type StoredRelease,
} from '../store/release-store.js';
import { ReleaseWriter } from './release-writer.js';
import { articlesWithText } from './articles-with-text.js';
import { isDiskFull } from '../store/failures.js';

/** Increased when reading or storing rows changes, so that older libraries are rebuilt. */
const BUILD_VERSION = 7;

export interface BuildPlaces {
  readonly resourcesDir: string;
  readonly mappingsDir: string;
  /** A site's own folder, layered over the starter. */
  readonly localLibrary: string | undefined;
  /** Code systems omitted from the starter for lack of a licence. */
  readonly omitCodeSystems: readonly CodeSystemId[];
  readonly writer: Writer;
}

export interface BuildReport {
  readonly layer: Layer;
  readonly name: string;
  readonly articles: number;
  readonly mappings: number;
  readonly complaints: readonly Complaint[];
}

function hashFolder(hash: ReturnType<typeof createHash>, folder: string): void {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) hashFolder(hash, path);
    else if (/\.(?:csv|html)$/.test(entry.name))
      hash.update(entry.name).update('\0').update(readFileSync(path)).update('\0');
  }
}

function digestFiles(folders: readonly string[], omitted: readonly CodeSystemId[] = []): string {
  const hash = createHash('sha256').update(`${BUILD_VERSION}.${INDEX_VERSION} ${[...omitted].sort().join(' ')}`);
  for (const folder of folders) hashFolder(hash, folder);
  return hash.digest('hex');
}

/** Includes the starter: a row left out because its article is missing may be valid with a new starter. */
function digestLocalFiles(localLibrary: string, folders: readonly string[], starterDigest: string): string {
  const hash = createHash('sha256').update(starterDigest).update(digestFiles(folders));
  const folder = handoutsFolder(localLibrary);
  for (const name of handoutFiles(localLibrary)) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  for (const name of handoutFiles(localLibrary)) {
    const path = findKeeperFile(folder, name);
    if (path !== undefined) hash.update(`${name} keeper\0`).update(readFileSync(path));
  }
  for (const { system, keeper } of listMappingFiles(localLibrary))
    hash.update(`${system} keeper\0${JSON.stringify([keeper])}\0`);
  for (const name of [...filesBesideHandouts(localLibrary), ...handoutLinks(localLibrary)]) hash.update(`${name}\0`);
  return hash.digest('hex');
}

/** Drops and reports mapping rows without an article: they would answer with nothing. */
function dropDangling(source: LibrarySource, known: ReadonlySet<string>): LibrarySource {
  const complaints = [...source.complaints];
  const mappings = source.mappings.filter(({ article, system, code, line }) => {
    if (article === undefined || known.has(article)) return true;
    complaints.push({ file: `${system}.csv`, line, reason: `${code}: no article ${article}` });
    return false;
  });
  return { ...source, mappings, complaints };
}

/** Layers that are built from files. */
export type BuiltLayer = 'starter' | 'local';

interface LayerPlan {
  readonly layer: BuiltLayer;
  readonly digest: string;
  /** ISO 8601 day, from the files and not from the clock. */
  readonly date: () => string;
  readonly read: () => LibrarySource;
}

function starterDate(resourcesDir: string): string {
  return (JSON.parse(readFileSync(`${resourcesDir}/release.json`, 'utf8')) as { date: string }).date;
}

/** A source without its rows of some code systems. */
function dropSystems(source: LibrarySource, omitted: readonly CodeSystemId[]): LibrarySource {
  const isKept = ({ system }: { readonly system: CodeSystemId }): boolean => !omitted.includes(system);
  return {
    ...source,
    mappings: source.mappings.filter(isKept),
    crosswalks: source.crosswalks.filter(({ from, to }) => isKept(from) && isKept(to)),
    concepts: source.concepts.filter(isKept),
  };
}

/** The time of a file's last change; 0 for a link that leads nowhere, or in a circle. */
function readTime(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** The day of the site's newest file. */
function findNewestDay(folders: readonly string[]): string {
  const times = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))])
    .map(readTime);
  return new Date(Math.max(0, ...times)).toISOString().slice(0, 10);
}

const listFolders = (root: string, mappingsDir: string) => ({
  articlesDir: join(root, 'articles'),
  mappingsDir,
  conceptsDir: join(root, 'code-systems'),
  searchDir: join(root, 'search'),
});

function plans(places: BuildPlaces): LayerPlan[] {
  const { resourcesDir, mappingsDir, localLibrary, omitCodeSystems } = places;
  const starterFolders = { ...listFolders(resourcesDir, mappingsDir), textsDir: join(resourcesDir, 'texts') };
  const starterPlan: LayerPlan = {
    layer: 'starter',
    digest: digestFiles(Object.values(starterFolders), omitCodeSystems),
    date: () => starterDate(resourcesDir),
    read: () => dropSystems(readSource(starterFolders, resourcesDir), omitCodeSystems),
  };
  if (!localLibrary) return [starterPlan];
  const folders = listFolders(localLibrary, join(localLibrary, 'mappings'));
  const localFolders = Object.values(folders);
  const local = (): LibrarySource =>
    addHandouts(
      localLibrary,
      keepMappings(localLibrary, readSource(folders, resourcesDir, new Set(handoutFiles(localLibrary)))),
    );
  const date = (): string => findNewestDay([...localFolders, handoutsFolder(localLibrary)]);
  const digest = digestLocalFiles(localLibrary, localFolders, starterPlan.digest);
  return [starterPlan, { layer: 'local', digest, date, read: local }];
}

/**
 * Articles with a text in the files of a layer or in the other layers; the layer's current content is going to be
 * replaced.
 */
async function listKnownArticles(db: Connection, layer: Layer, source: LibrarySource): Promise<ReadonlySet<string>> {
  const stored = await articlesWithText(db, (release) => release.layer !== layer);
  return new Set([...stored, ...source.texts.map(({ article }) => article)]);
}

function countArticles({ articles, texts }: LibrarySource): number {
  return new Set([...articles.map(({ id }) => id), ...texts.map(({ article }) => article)]).size;
}

/** Each of the two layers built from files has one source. */
const findActiveDigest = async (db: Queries, layer: BuiltLayer): Promise<string | undefined> =>
  (await findActiveRelease(db, layer, layer))?.digest;

/** Whether these layers of the library are built from the current files. */
export async function isUpToDate(db: Queries, places: BuildPlaces, layers: readonly BuiltLayer[]): Promise<boolean> {
  for (const { layer, digest } of plans(places)) {
    if (layers.includes(layer) && (await findActiveDigest(db, layer)) !== digest) return false;
  }
  if (places.localLibrary !== undefined || !layers.includes('local')) return true;
  return (await findActiveDigest(db, 'local')) === undefined;
}

/**
 * Fetches the files of releases that are missing on this machine, as after a restore.
 * @param readsAll compares the digests of all files; else their sizes alone
 * @returns lost releases of layers built from local files: a build replaces them
 * @throws DamagedFileError if another release's file does not exist anywhere
 */
export async function fetchMissingFiles(db: Connection, readsAll: boolean): Promise<StoredRelease[]> {
  const lost: StoredRelease[] = [];
  for (const release of await listReleases(db)) {
    try {
      await fetchFiles(db, db.releases, [release], readsAll);
    } catch (error) {
      if (!(error instanceof DamagedFileError) || !isRebuilt(release)) throw error;
      lost.push(release);
    }
  }
  return lost;
}

/**
 * Builds the starter and the site's own layer from their files, each only if its files have changed. One transaction:
 * readers see the old library until it ends, a build that dies leaves nothing, and of two processes that start at once
 * the second waits and finds the work done. Then unneeded data is removed, if there is disk space to do so.
 * @param lost releases whose files are lost: removed in the same transaction
 * @returns a report for each layer that was built, with bad rows, which were left out, in its complaints
 */
export async function buildLibrary(
  db: Connection,
  places: BuildPlaces,
  layers: readonly BuiltLayer[],
  lost: readonly StoredRelease[] = [],
): Promise<BuildReport[]> {
  const reports = await db.transaction(async () => {
    for (const release of lost) await dropRelease(db, release, places.writer.clock());
    return buildLayers(db, places, layers);
  });
  try {
    await pruneReleases(db);
  } catch (error) {
    // Cleanup can wait: on a full disk the library continues to serve.
    if (!isDiskFull(error)) throw error;
  }
  return reports;
}

async function buildLayers(db: Connection, places: BuildPlaces, layers: readonly BuiltLayer[]): Promise<BuildReport[]> {
  const reports: BuildReport[] = [];
  const { writer, localLibrary } = places;
  const now = writer.clock();
  if (!localLibrary && layers.includes('local')) await deactivate(db, 'local', 'local', now);
  for (const { layer, digest, date, read } of plans(places)) {
    if (!layers.includes(layer) || (await findActiveDigest(db, layer)) === digest) continue;
    const unchecked = read();
    const source = dropDangling(unchecked, await listKnownArticles(db, layer, unchecked));
    const builtOn = date();
    const name = `${layer}-${builtOn}-${digest.slice(0, 8)}`;
    const identity = { layer, source: layer, name, digest, builtOn };
    const release = new ReleaseWriter(db, identity, places.resourcesDir);
    try {
      await release.write(source);
      await release.finish([], now);
    } finally {
      release.abort();
    }
    const { mappings, complaints } = source;
    reports.push({ layer, name, articles: countArticles(source), mappings: mappings.length, complaints });
  }
  return reports;
}
