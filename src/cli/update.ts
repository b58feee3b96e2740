import type { Config } from '../config/config.js';
import { OFFICIAL_SOURCES, type OfficialSource } from '../core/sources/official-sources.js';
import { listSourceAges, type SourceAge, nameEdition } from '../core/sources/source-ages.js';
import { checkSources, type SourceCheck } from '../import/check-sources.js';
import { useProxies } from '../upstream/outbound.js';
import { importRelease } from './import.js';
import { onConfigured } from './open-served.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

/** A source with what is in use of it; and, where its publisher was queried, with its newest edition. */
type ListedSource = SourceAge & Partial<SourceCheck> & { readonly applied?: boolean };

const DAY_MS = 86_400_000;

/** `FY2027 of 2026-10-01, 61 days old, imported as icd-10-cm-2027` */
function formatInUse({ source, date, release }: ListedSource, today: string): string {
  if (date === undefined) return 'rows of ours, of no edition';
  const name = nameEdition(source, date);
  const days = Math.round((Date.parse(today) - Date.parse(date)) / DAY_MS);
  const origin = release === undefined ? 'ships with the program' : `imported as ${release}`;
  return `${name === date ? date : `${name} of ${date}`}, ${days} days old, ${origin}`;
}

function formatNewest({ source, newest, isNewer, failure, applied, newestDue, address }: ListedSource): string {
  if (failure !== undefined) return `could not be asked: ${failure}`;
  if (newest === undefined) return `${nameEdition(source, newestDue)} by the publisher's calendar`;
  const name = nameEdition(source, newest);
  if (applied === true) return `${name}, imported now`;
  if (applied === false) return `${name}, rejected: see above`;
  if (isNewer !== true) return source.licence === undefined ? `${name}, in use` : `${name} by the publisher's calendar`;
  if (source.licence !== undefined) return `${name} by the publisher's calendar: NEWER`;
  return `${name}: NEWER${address === undefined ? '' : `, ${address}`}`;
}

/** Task of a person about a source; empty if there is none. */
function formatAdvice({ source, isNewer, isLate, applied }: ListedSource): string[] {
  const { id, licence, importer, page } = source;
  if (applied === true) return [];
  if (licence !== undefined) return [`get it:  ${page} (${licence}), then education-connect import ${id} <file>`];
  if (importer === 'by-hand')
    return isNewer === true || isLate ? [`get it:  ${page}, then education-connect import ${id} <folder>`] : [];
  return isNewer === true ? [`get it:  education-connect update ${id} --apply`] : [];
}

function toText(listed: readonly ListedSource[], today: string): string {
  return listed
    .map((one) => {
      const lines = [`in use:  ${formatInUse(one, today)}`, `newest:  ${formatNewest(one)}`, ...formatAdvice(one)];
      return [`${one.source.label}${one.isLate ? ' (LATE)' : ''}`, ...lines.map((line) => `  ${line}`), ''].join('\n');
    })
    .join('');
}

function toJson(listed: readonly ListedSource[]): string {
  const sources = listed.map(({ source, ...facts }) => {
    const { id, label, page, licence } = source;
    return { id, label, page, licence, ...facts };
  });
  return `${JSON.stringify({ sources }, null, 2)}\n`;
}

/** Lists sources for people, or as JSON. @param today ISO 8601 day */
const formatSources = (listed: readonly ListedSource[], today: string, format: 'text' | 'json'): string =>
  format === 'json' ? toJson(listed) : toText(listed, today);

export interface UpdateOptions {
  /** Asks the publishers for their newest editions. */
  readonly check?: boolean;
  /** Asks, and imports newer editions that need no licence. */
  readonly apply?: boolean;
  readonly format: 'text' | 'json';
}

/** Exit codes: 0 nothing newer is left, 1 a source failed, 2 wrong use, 3 newer editions are left. */
const FAILED = 1;
const WRONG_USE = 2;
const NEWER_LEFT = 3;

/** The sources by their names on the command line; all where there are none. @throws CommandEnd */
function chooseSources(names: readonly string[], sources: readonly OfficialSource[]): readonly OfficialSource[] {
  const unknown = names.filter((name) => !sources.some(({ id }) => id === name));
  const known = sources.map(({ id }) => id).join(', ');
  if (unknown.length > 0)
    throw new CommandEnd(`update: unknown source ${unknown.join(', ')}; known: ${known}`, WRONG_USE);
  return names.length === 0 ? sources : sources.filter(({ id }) => names.includes(id));
}

/** The sources with the editions in use, without a call to anybody. */
function readAges(config: Config, sources: readonly OfficialSource[], today: string): Promise<SourceAge[]> {
  return onConfigured(config, (library) => {
    return listSourceAges(library.status(), today, sources);
  });
}

/** Imports a newer edition; its release is named by the day for which the publisher's file was found. @returns whether it is in use now */
async function applyOne(config: Config, { source, address, newest }: SourceCheck, streams: Streams): Promise<boolean> {
  const release = source.find === 'file' && newest !== undefined ? { release: newest } : {};
  // 2: some rows were left out, and are listed.
  return (await importRelease(config, source.id, address, release, streams)) !== FAILED;
}

/** Imports the newer editions whose files can be fetched and need no licence, one after the other. */
async function applyAll(config: Config, checks: readonly SourceCheck[], streams: Streams): Promise<ListedSource[]> {
  const listed: ListedSource[] = [];
  for (const check of checks) {
    const { source, isNewer, address } = check;
    const isImported = isNewer && address !== undefined && source.importer !== 'by-hand';
    listed.push(isImported ? { ...check, applied: await applyOne(config, check, streams) } : check);
  }
  return listed;
}

function findExitCode(listed: readonly ListedSource[]): number {
  if (listed.some(({ failure, applied }) => failure !== undefined || applied === false)) return FAILED;
  return listed.some(({ isNewer, applied }) => isNewer && applied !== true) ? NEWER_LEFT : 0;
}

/**
 * Creates the command `update`: lists each source's edition in use and its age, queries the publishers for newer ones, imports these.
 * @returns exit code: 0 nothing newer is left; 1 a publisher could not be queried, or an import was rejected; 2 wrong use; 3 newer editions are left
 */
export const createUpdate = (sources: readonly OfficialSource[]) =>
  command(async (config: Config, names: readonly string[], options: UpdateOptions, streams: Streams) => {
    const chosen = chooseSources(names, sources);
    const today = config.writer.clock().toISOString().slice(0, 10);
    const ages = await readAges(config, chosen, today);
    const asks = options.check === true || options.apply === true;
    if (asks) await useProxies(config.proxies);
    const checks = asks ? await checkSources(ages, config, today) : undefined;
    const progress = options.format === 'json' ? { ...streams, stdout: streams.stderr } : streams;
    const listed = checks && options.apply ? await applyAll(config, checks, progress) : (checks ?? ages);
    streams.stdout.write(formatSources(listed, today, options.format));
    return findExitCode(listed);
  });

export const updateSources = createUpdate(OFFICIAL_SOURCES);
