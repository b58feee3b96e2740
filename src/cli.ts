#!/usr/bin/env node
import { Command } from 'commander';
import { build } from './cli/build.js';
import { importRelease } from './cli/import.js';
import type { ImportCommandOptions } from './cli/import.js';
import { lookup } from './cli/lookup.js';
import { listAllReleases, rollback } from './cli/releases.js';
import { serve } from './cli/serve.js';
import { ConfigError, loadConfig } from './config.js';
import { RequestError } from './core/errors.js';
import { IMPORT_SOURCES } from './import/sources.js';
import { LibraryFileError } from './library/open.js';

const program = new Command('education-connect')
  .description('Turns a clinical code into the patient-education article that explains it.')
  .version(loadConfig({}).version);

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
  .command('import')
  .description("take an official release, or a site's own files, into the library")
  .argument('<source>', IMPORT_SOURCES.map(({ name, description }) => `\n  ${name}: ${description}`).join(''))
  .argument('<place>', 'a file, folder, zip, gz or https address')
  .option('--dry-run', 'read and count, write nothing')
  .option('--release <version>', 'version, in place of what the files say')
  .option('--force', 'take a release that looks like half of the one in use')
  .action(async (source: string, place: string, options: ImportCommandOptions) => {
    process.exitCode = await importRelease(loadConfig(process.env), source, place, options, process);
  });

program
  .command('releases')
  .description('list the releases in the library')
  .action(() => {
    process.exitCode = listAllReleases(loadConfig(process.env), process);
  });

program
  .command('rollback')
  .description('return a source to its release before')
  .argument('<source>', 'name of an importer')
  .option('--to <name>', 'name of the release to return to')
  .action((source: string, options: { to?: string }) => {
    process.exitCode = rollback(loadConfig(process.env), source, options.to, process);
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
