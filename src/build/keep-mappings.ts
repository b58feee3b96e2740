import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KeeperItem } from '../core/keeping/desk.js';
import type { KeeperState } from '../core/keeping/keeper.js';
import { readKeeperFile, type FileKeeper } from './keeper-files.js';
import type { LibrarySource } from './source.js';

/** A file of the site's own mappings, with the keeper's data beside it; a text: why that cannot be used. */
interface KeptMappings {
  /** Its code system, which is its name. */
  readonly system: string;
  readonly keeper: FileKeeper | string | undefined;
}

/** Lists the files of mappings in a site's folder. */
export function listMappingFiles(localLibrary: string | undefined): KeptMappings[] {
  const folder = join(localLibrary ?? '', 'mappings');
  const names =
    localLibrary !== undefined && existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : [];
  return names.sort().map((name) => ({ system: name.slice(0, -4), keeper: readKeeperFile(folder, name) }));
}

/** Leaves out the rows of files that are not approved, or whose keeper's data has a fault: lower layers answer their codes. */
export function keepMappings(localLibrary: string, source: LibrarySource): LibrarySource {
  const withheld = new Set<string>();
  const complaints = [...source.complaints];
  for (const { system, keeper } of listMappingFiles(localLibrary)) {
    if (keeper === undefined || (typeof keeper !== 'string' && keeper.state === 'approved')) continue;
    withheld.add(system);
    if (typeof keeper !== 'string') continue;
    const reason = `the file with its keeper’s data has a fault, so its rows are left out: ${keeper}`;
    complaints.push({ file: `mappings/${system}.csv`, line: 0, reason });
  }
  return { ...source, mappings: source.mappings.filter(({ system }) => !withheld.has(system)), complaints };
}

/** The files of mappings as curators' lists show them; one whose state is not known as a draft. */
export const listFolderMaps = (localLibrary: string | undefined): KeeperItem[] =>
  listMappingFiles(localLibrary).map(({ system, keeper }): KeeperItem => {
    const fallback: KeeperState = keeper === undefined ? 'approved' : 'draft';
    const { state, keeper: known } = typeof keeper === 'object' ? keeper : { state: fallback, keeper: undefined };
    const title = `mappings/${system}.csv`;
    const facts = { article: undefined, language: undefined, isServed: state === 'approved' };
    return {
      origin: 'folder',
      type: 'ConceptMap',
      id: system,
      title,
      ...facts,
      keeper: { ...known, state, authors: [] },
    };
  });
