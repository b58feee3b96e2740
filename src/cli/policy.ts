import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { comparePolicies } from '../core/policy/policy-change.js';
import { LANGUAGES, chooseLanguage } from '../core/model/language.js';
import type { OpenedLibrary } from '../library/open.js';
import { onConfigured } from './open-served.js';
import { PolicyError, PolicyFile, findUnknownArticles } from '../build/policy-file.js';
import { findTitles } from './reports/coverage-report.js';
import { POLICY_WRITERS } from './reports/policy-report.js';
import { CommandEnd, command, type Streams } from './reports/command.js';
import { CodeListError, readCodeList, reportComplaints } from './reports/read-codes.js';
import type { ReportFormat } from './reports/write-coverage.js';

export interface PolicyOptions {
  /** The policy file, overriding the configured one. */
  readonly policy?: string;
}

export interface PolicyTestOptions extends PolicyOptions {
  readonly format: ReportFormat;
  readonly language: string;
}

/** @throws PolicyError, CommandEnd */
function openPolicy(name: string, { sitePolicy }: Config, { policy }: PolicyOptions): PolicyFile {
  const place = policy === undefined ? sitePolicy : { path: resolve(policy), isOptional: false };
  if (!place) throw new CommandEnd(`${name}: no policy is configured: set SITE_POLICY or use --policy`);
  const file = PolicyFile.open(place);
  if (place.isOptional && !file.exists) throw new CommandEnd(`${name}: there is no policy at ${place.path}`);
  return file;
}

/** Runs work with a policy and the library without it. Warns of lines whose articles are missing in the library: they may come with an import, or be misspelt. */
async function runWithPolicy(
  file: PolicyFile,
  config: Config,
  { stderr }: Streams,
  work: (library: OpenedLibrary['library']) => Promise<number>,
): Promise<number> {
  return onConfigured({ ...config, sitePolicy: undefined }, async (library) => {
    for (const { article, lines } of findUnknownArticles(file.reading, library)) {
      const where = lines.length > 1 ? 'lines' : 'line';
      stderr.write(`warning: ${where} ${lines.join(', ')}: the library lacks ${article}\n`);
    }
    return work(library);
  });
}

/** A policy's faults, line by line. */
const listFaults = (error: unknown): string | undefined =>
  error instanceof PolicyError ? error.lines.join('\n') : undefined;

/**
 * Checks whether a policy is valid, and prints its faults line by line.
 * @returns exit code: 0 valid (with warnings of articles that the library lacks), 1 invalid
 */
export const checkPolicy = command((config: Config, options: PolicyOptions, streams: Streams) => {
  const file = openPolicy('policy check', config, options);
  return runWithPolicy(file, config, streams, async () => {
    const { rules, policy } = file.reading;
    streams.stdout.write(`${file.path}: ${rules} rules, no fault${rules > 0 ? ` (version ${policy.version})` : ''}\n`);
    return 0;
  });
}, listFaults);

/**
 * Shows a policy's effect on the answers to a site's codes, for each kind of reader.
 * @returns exit code: 0; 1 if the policy or the list cannot be read; 2 if rows of the list were left out, or for wrong use
 */
export const testPolicy = command(
  async (config: Config, path: string, options: PolicyTestOptions, streams: Streams) => {
    const language = chooseLanguage(options.language);
    if (!language) throw new CommandEnd(`unknown language ${options.language}: ${LANGUAGES.join(' or ')}`, 2);
    const file = openPolicy('policy test', config, options);
    return runWithPolicy(file, config, streams, async (library) => {
      const { codes, complaints } = readCodeList(path);
      const leftOut = reportComplaints(complaints, streams.stderr);
      const { policy, rules } = file.reading;
      const after = library.under(() => policy);
      const changes = await comparePolicies(codes, language, { before: library, after }, config.maxArticles);
      const findTitle = findTitles(changes, library);
      const report = { file: file.path, rules, language, compared: codes.length, changes, findTitle };
      streams.stdout.write(POLICY_WRITERS[options.format](report));
      return leftOut;
    });
  },
  (error) => (error instanceof CodeListError ? `policy test: ${error.message}` : listFaults(error)),
);
