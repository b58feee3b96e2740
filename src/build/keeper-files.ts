import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import yaml from 'js-yaml';
import { KEEPER_STATES, isDay, toPublicKeeper, type KeeperState, type PublicKeeper } from '../core/keeping/keeper.js';

/** Extensions of a file with the keeper's data: it lies beside the handout and has its name. */
export const KEEPER_EXTENSIONS = ['.yaml', '.yml'] as const;
const MOST_BYTES = 16_384;
const MOST_CHARS = 1000;

/** The keeper's data of a file of the site's folder. */
export interface FileKeeper {
  readonly state: KeeperState;
  /** Undefined where nothing of it is public. */
  readonly keeper: PublicKeeper | undefined;
}

const DAYS: Readonly<Record<string, 'approvedOn' | 'nextReview'>> = {
  'approved-on': 'approvedOn',
  'next-review': 'nextReview',
};
const TEXTS: Readonly<Record<string, 'owner' | 'department' | 'secondReader' | 'approvedBy' | undefined>> = {
  owner: 'owner',
  department: 'department',
  'second-reader': 'secondReader',
  'approved-by': 'approvedBy',
  'change-note': undefined,
};

/** The path of the keeper's data of a handout; undefined where there is none. @param name the handout's */
export function findKeeperFile(folder: string, name: string): string | undefined {
  const base = basename(name, extname(name));
  return KEEPER_EXTENSIONS.map((extension) => join(folder, base + extension)).find((path) => existsSync(path));
}

/** Parses the keeper's data; a text: why it cannot be used. */
export function parseKeeperFile(text: string): FileKeeper | string {
  let parsed: unknown;
  try {
    // Without this schema a day would be a time in some zone.
    parsed = yaml.load(text, { schema: yaml.CORE_SCHEMA });
  } catch {
    return 'it is no YAML';
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return 'expected lines such as owner: Ann Smith';
  const keeper: Record<string, string> = {};
  let state: KeeperState = 'approved';
  for (const [written, value] of Object.entries(parsed)) {
    const name = written.trim().toLowerCase().replace(/[ _]/g, '-');
    if (value === null) continue;
    if (typeof value !== 'string' || value.length > MOST_CHARS) return `${written} must be a text`;
    const day = DAYS[name];
    if (name === 'status') {
      const wanted = value.trim().toLowerCase().replace(/[ _]/g, '-');
      const found = KEEPER_STATES.find((one) => one === wanted);
      if (!found) return `status "${value}" is not one of ${KEEPER_STATES.join(', ')}`;
      state = found;
    } else if (day) {
      if (!isDay(value.trim())) return `${written} must be a day, as 2027-06-30`;
      keeper[day] = value.trim();
    } else if (!Object.hasOwn(TEXTS, name)) {
      return `"${written}" is not one of status, ${[...Object.keys(TEXTS), ...Object.keys(DAYS)].join(', ')}`;
    } else if (TEXTS[name] && value.trim() !== '') keeper[TEXTS[name]] = value.trim();
  }
  return { state, keeper: toPublicKeeper(keeper) };
}

/** Reads the keeper's data beside a handout; undefined where there is none, a text: why it cannot be used. */
export function readKeeperFile(folder: string, name: string): FileKeeper | string | undefined {
  const path = findKeeperFile(folder, name);
  if (path === undefined) return undefined;
  try {
    const facts = statSync(path);
    if (!facts.isFile() || facts.size > MOST_BYTES) return `it is no file of at most ${MOST_BYTES} bytes`;
    return parseKeeperFile(readFileSync(path, 'utf8'));
  } catch {
    return 'it cannot be read';
  }
}

/** True if a handout of the folder is not for readers: a draft, one in review, a retired one, and one whose state is not known. */
export function isWithheld(folder: string, name: string): boolean {
  const read = readKeeperFile(folder, name);
  return read !== undefined && (typeof read === 'string' || read.state !== 'approved');
}
