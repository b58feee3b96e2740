#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { build } from './cli/build.js';
import type { CheckLinksOptions } from './cli/check-links.js';
import { checkArticleLinks } from './cli/check-links.js';
import { coverage } from './cli/coverage.js';
import { importRelease } from './cli/import.js';
import type { ImportCommandOptions } from './cli/import.js';
import { lookup } from './cli/lookup.js';
import type { DiffOptions } from './cli/releases-diff.js';
import { diffReleases } from './cli/releases-diff.js';
import { listAllReleases, rollback } from './cli/releases.js';
import { replay } from './cli/replay.js';
import { serve } from './cli/serve.js';
import type { CoverageOptions } from './cli/write-coverage.js';
import { REPORT_FORMATS } from './cli/write-coverage.js';
import { ConfigError, loadConfig } from './config.js';
import { RequestError } from './core/errors.js';
import { IMPORT_SOURCES } from './import/sources.js';
import { LibraryFileError } from './library/open.js';

const program = new Command('education-connect')
  .description('Turns a clinical code into the patient-education article that explains it.')
  .version(loadConfig({}).version);

const reportFormat = (): Option =>
  new Option('-f, --format <format>', 'how to write the report').choices(REPORT_FORMATS).default('text');

/** Reads an option that is a whole number of 1 or more. */
function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of 1 or more');
  return Number(text);
}

program
  .command('serve')
  .description('run the server (the same as npm start)')
  .action(() => serve(process.env, process));

program
  .command('build')
  .description('bring the library file up to date with resources, mappings and LOCAL_LIBRARY')
  .option('--finish', 'leave the file ready for a read-only volume')
  .action((options: { finish?: boolean }) => {
    process.exitCode = build(loadConfig(process.env), options.finish ?? false, process.stdout);
  });

program
  .command('lookup')
  .description('show the articles for a code, or for a drug name')
  .argument('<code>', 'a code, such as N53.14; a drug name with --system rxnorm')
  .option('-s, --system <system>', 'code system: a label, an OID or a FHIR address', 'icd-10-cm')
  .option('-l, --language <language>', 'en or es', 'en')
  .option('--json', 'answer as JSON')
  .action(async (code: string, options: { system: string; language: string; json?: boolean }) => {
    process.exitCode = await lookup(loadConfig(process.env), code, options, process);
  });

program
  .command('coverage')
  .description("say how well the library answers a site's codes")
  .argument('<codes>', 'a CSV file with the columns system, code and, if known, count and display (of drugs)')
  .addOption(reportFormat())
  .option('--top <number>', 'how many codes the lists of gaps name', wholeNumber, 20)
  .action(async (path: string, options: CoverageOptions) => {
    process.exitCode = await coverage(loadConfig(process.env), path, options, process);
  });

program
  .command('replay')
  .description("say how well the library answers a log's requests to MedlinePlus Connect")
  .argument('<logs...>', 'logs of a web server or a proxy, or lists of addresses; gz too')
  .addOption(reportFormat())
  .option('--top <number>', 'how many codes the lists of gaps name', wholeNumber, 20)
  .action(async (logs: string[], options: CoverageOptions) => {
    process.exitCode = await replay(loadConfig(process.env), logs, options, process);
  });

program
  .command('import')
  .description("take an official release, or a site's own files, into the library")
  .argument('<source>', IMPORT_SOURCES.map(({ name, description }) => `\n  ${name}: ${description}`).join(''))
  .argument('<place>', 'a file, folder, zip, gz or https address')
  .option('--dry-run', 'read and count, write nothing')
  .option('--release <version>', 'version, in place of what the files say')
  .option('--force', 'take a release that looks like half a file, or like something else')
  .action(async (source: string, place: string, options: ImportCommandOptions) => {
    process.exitCode = await importRelease(loadConfig(process.env), source, place, options, process);
  });

const releases = program
  .command('releases')
  .description('list the releases in the library')
  .action(() => {
    process.exitCode = listAllReleases(loadConfig(process.env), process);
  });

releases
  .command('diff')
  .description('show which answers differ between two releases of a source')
  .argument('[source]', 'name of an importer, starter or local; left out: whatever was changed last')
  .option('--from <name>', 'name of the older release, in place of the one kept for a rollback')
  .option('--to <name>', 'name of the newer release, in place of the one in use')
  .option('--codes <file>', 'a CSV file of the codes to compare, as for coverage')
  .addOption(reportFormat())
  .action(async (source: string | undefined, options: DiffOptions) => {
    process.exitCode = await diffReleases(loadConfig(process.env), source, options, process);
  });

program
  .command('rollback')
  .description('return a source to its release before')
  .argument('<source>', 'name of an importer')
  .option('--to <name>', 'name of the release to return to')
  .action((source: string, options: { to?: string }) => {
    process.exitCode = rollback(loadConfig(process.env), source, options.to, process);
  });

program
  .command('check-links')
  .description("visit the articles' web pages, slowly, and report which are there")
  .option('--report <file>', 'CSV file to write; one that was begun is gone on with', 'link-check.csv')
  .option('--delay <ms>', 'pause between two requests to one host', wholeNumber, 500)
  .option('--limit <number>', 'visit no more addresses than this', wholeNumber)
  .option('--apply', 'confirm the pages that are there, and offer those that are gone no longer')
  .option('--force', 'withdraw more than half of the pages all the same')
  .action(async (options: CheckLinksOptions) => {
    process.exitCode = await checkArticleLinks(loadConfig(process.env), options, process);
  });

/** What stands in the way of a command and is no fault of the program, in one line; undefined for what is one. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof LibraryFileError) return error.message;
  if (!(error instanceof RequestError)) return undefined;
  return `${error.code}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}`;
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  const reason = reasonOf(error);
  if (reason === undefined) throw error;
  process.stderr.write(`education-connect: ${reason}\n`);
  process.exitCode = 1;
}
