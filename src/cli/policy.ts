import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { comparePolicies } from '../core/policy/policy-change.js';
import { LANGUAGES, chooseLanguage, type Language } from '../core/model/language.js';
import type { Library } from '../core/model/library.js';
import { openLibrary, type OpenedLibrary } from '../library/open.js';
import { PolicyError, PolicyFile, findUnknownArticles } from '../build/policy-file.js';
import { reportComplaints } from './reports/complaints.js';
import { findTitles } from './reports/coverage-report.js';
import { writePolicyTest } from './reports/policy-report.js';
import { CodeListError, readCodeList } from './reports/read-codes.js';
import type { Streams } from './reports/streams.js';
import type { ReportFormat } from './reports/write-coverage.js';

export interface PolicyOptions {
  /** The policy file, overriding the configured one. */
  readonly policy?: string;
}

export interface PolicyTestOptions extends PolicyOptions {
  readonly format: ReportFormat;
  readonly language: string;
}

/** A policy that cannot be read: one line. */
class NoPolicy extends Error {}

/** @throws PolicyError, NoPolicy */
function openPolicy({ sitePolicy }: Config, { policy }: PolicyOptions): PolicyFile {
  const place = policy === undefined ? sitePolicy : { path: resolve(policy), isOptional: false };
  if (!place) throw new NoPolicy('no policy is configured: set SITE_POLICY or use --policy');
  const file = PolicyFile.open(place);
  if (place.isOptional && !file.exists) throw new NoPolicy(`there is no policy at ${place.path}`);
  return file;
}

/** Warns of lines whose articles are missing in the library: they may come with an import, or be misspelt. */
function warnOfUnknown(file: PolicyFile, library: Library, { stderr }: Pick<Streams, 'stderr'>): void {
  for (const { article, lines } of findUnknownArticles(file.reading, library)) {
    const where = lines.length > 1 ? 'lines' : 'line';
    stderr.write(`warning: ${where} ${lines.join(', ')}: the library lacks ${article}\n`);
  }
}

/** Runs work with a policy and the library without it. @returns exit code: 1 if either cannot be read */
async function runWithPolicy(
  command: string,
  config: Config,
  options: PolicyOptions,
  { stderr }: Pick<Streams, 'stderr'>,
  work: (file: PolicyFile, library: OpenedLibrary['library']) => Promise<number>,
): Promise<number> {
  try {
    const file = openPolicy(config, options);
    const { library } = await openLibrary({ ...config, readOnly: config.libraryReadOnly, sitePolicy: undefined });
    try {
      warnOfUnknown(file, library, { stderr });
      return await work(file, library);
    } finally {
      await library.close();
    }
  } catch (error) {
    if (error instanceof PolicyError) for (const line of error.lines) stderr.write(`${line}\n`);
    else if (error instanceof NoPolicy || error instanceof CodeListError)
      stderr.write(`${command}: ${error.message}\n`);
    else throw error;
    return 1;
  }
}

/**
 * Checks whether a policy is valid, and prints its faults line by line.
 * @returns exit code: 0 valid (with warnings of articles that the library lacks), 1 invalid
 */
export function checkPolicy(config: Config, options: PolicyOptions, streams: Streams): Promise<number> {
  return runWithPolicy('policy check', config, options, streams, async ({ path, reading }) => {
    const { rules, policy } = reading;
    streams.stdout.write(`${path}: ${rules} rules, no fault${rules > 0 ? ` (version ${policy.version})` : ''}\n`);
    return 0;
  });
}

/**
 * Shows a policy's effect on the answers to a site's codes, for each kind of reader.
 * @returns exit code: 0; 1 if the policy or the list cannot be read; 2 if rows of the list were left out, or for wrong
 * use
 */
export async function testPolicy(
  config: Config,
  path: string,
  options: PolicyTestOptions,
  streams: Streams,
): Promise<number> {
  const language: Language | undefined = chooseLanguage(options.language);
  if (!language) {
    streams.stderr.write(`unknown language ${options.language}: ${LANGUAGES.join(' or ')}\n`);
    return 2;
  }
  return runWithPolicy('policy test', config, options, streams, async (file, library) => {
    const { codes, complaints } = readCodeList(path);
    const leftOut = reportComplaints(complaints, streams.stderr);
    const { policy, rules } = file.reading;
    const after = library.under(() => policy);
    const changes = await comparePolicies(codes, language, { before: library, after }, config.maxArticles);
    const findTitle = findTitles(
      changes.filter(({ code }) => code !== ''),
      library,
    );
    const report = { file: file.path, rules, language, compared: codes.length, changes, findTitle };
    streams.stdout.write(writePolicyTest(report, options.format));
    return leftOut;
  });
}
