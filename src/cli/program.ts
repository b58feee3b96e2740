import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { backUp, restore } from './backup.js';
import { build } from './build.js';
import type { CheckLinksOptions } from './check-links.js';
import { checkArticleLinks } from './check-links.js';
import { coverage } from './coverage.js';
import { importRelease } from './import.js';
import { LOCAL_SOURCE } from './import-local.js';
import type { ImportCommandOptions } from './import.js';
import { lookup } from './lookup.js';
import type { FeedbackOptions } from './feedback.js';
import { reportFeedback } from './feedback.js';
import type { HandedOverOptions } from './handed-over.js';
import { reportHandedOver } from './handed-over.js';
import type { PolicyOptions, PolicyTestOptions } from './policy.js';
import { checkPolicy, testPolicy } from './policy.js';
import { reasonOf } from './reason.js';
import type { DiffOptions } from './releases-diff.js';
import { diffReleases } from './releases-diff.js';
import type { RollbackOptions } from './releases.js';
import { listAllReleases, rollback } from './releases.js';
import { replay } from './replay.js';
import type { CoverageOptions } from './write-coverage.js';
import { REPORT_FORMATS } from './write-coverage.js';
import { loadConfig } from '../config/config.js';
import { IMPORT_SOURCES } from '../import/sources.js';
import type { ServingProcess } from './serve.js';
import { serve } from './serve.js';

/** The part of the process that commands need. */
export type CommandHost = ServingProcess & Pick<NodeJS.Process, 'env' | 'exitCode'>;

const reportFormat = (): Option =>
  new Option('-f, --format <format>', 'how to write the report').choices(REPORT_FORMATS).default('text');

/** Reads an option that is a whole number of 1 or more. */
function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of 1 or more');
  return Number(text);
}

/** Commands that answer from the library. */
function addAnswering(program: Command, host: CommandHost): void {
  program
    .command('serve')
    .description('run the server (the same as npm start)')
    .action(() => serve(host.env, host));

  program
    .command('build')
    .description('bring the library file up to date with resources, mappings and LOCAL_LIBRARY')
    .option('--finish', 'leave the file ready for a read-only volume')
    .action(async (options: { finish?: boolean }) => {
      host.exitCode = await build(loadConfig(host.env), options.finish ?? false, host);
    });

  program
    .command('lookup')
    .description('show the articles for a code, or for a drug name')
    .argument('<code>', 'a code, such as N53.14; a drug name with --system rxnorm')
    .option('-s, --system <system>', 'code system: a label, an OID or a FHIR address', 'icd-10-cm')
    .option('-l, --language <language>', 'en or es', 'en')
    .option('--json', 'answer as JSON')
    .action(async (code: string, options: { system: string; language: string; json?: boolean }) => {
      host.exitCode = await lookup(loadConfig(host.env), code, options, host);
    });
}

/** Commands that say how well the library serves. */
function addMeasuring(program: Command, host: CommandHost): void {
  program
    .command('coverage')
    .description("say how well the library answers a site's codes")
    .argument('<codes>', 'a CSV file with the columns system, code and, if known, count and display (of drugs)')
    .addOption(reportFormat())
    .option('--top <number>', 'how many codes the lists of gaps name', wholeNumber, 20)
    .action(async (path: string, options: CoverageOptions) => {
      host.exitCode = await coverage(loadConfig(host.env), path, options, host);
    });

  program
    .command('replay')
    .description("say how well the library answers a log's requests to MedlinePlus Connect")
    .argument('<logs...>', 'logs of a web server or a proxy, or lists of addresses; gz too')
    .addOption(reportFormat())
    .option('--top <number>', 'how many codes the lists of gaps name', wholeNumber, 20)
    .action(async (logs: string[], options: CoverageOptions) => {
      host.exitCode = await replay(loadConfig(host.env), logs, options, host);
    });

  program
    .command('feedback')
    .description('list what readers said of articles, as a CSV patch against the mappings')
    .option('--system <system>', "only one code system's rows, with the columns of its mapping file")
    .option('--clear', 'take what is listed out of the queue')
    .action(async (options: FeedbackOptions) => {
      host.exitCode = await reportFeedback(loadConfig(host.env), options, host);
    });

  program
    .command('handed-over')
    .description(
      'report what was given to patients: how often each article, counts under 11 hidden; or one of the options below',
    )
    .addOption(new Option('--format <format>', 'csv or ndjson').choices(['csv', 'ndjson']).default('csv'))
    .option('--from <day>', 'entries of this day on')
    .option('--to <day>', 'entries up to and with this day')
    .option('--recall <article>', 'in whose charts an article was given, by its id: patient data')
    .option('--hold <subject>', "put a legal hold on an entry, or on a patient's entries: they outlive their retention")
    .option('--release <subject>', 'release that hold')
    .option('--purge', 'delete what has outlived its retention now; a server does so by itself')
    .action(async (options: HandedOverOptions) => {
      host.exitCode = await reportHandedOver(loadConfig(host.env), options, host);
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
      host.exitCode = await checkArticleLinks(loadConfig(host.env), options, host);
    });
}

/** Commands about what a site decides of its articles. */
function addPolicy(program: Command, host: CommandHost): void {
  const policy = program.command('policy').description("try out a site's policy");
  const file = (): Option => new Option('--policy <file>', 'a policy to try, in place of the one that is configured');

  policy
    .command('test')
    .description("show what the policy changes in the answers to a site's codes")
    .argument('<codes>', 'a CSV file with the columns system, code and, if known, count and display (of drugs)')
    .addOption(file())
    .addOption(reportFormat())
    .option('-l, --language <language>', 'en or es', 'en')
    .action(async (path: string, options: PolicyTestOptions) => {
      host.exitCode = await testPolicy(loadConfig(host.env), path, options, host);
    });

  policy
    .command('check')
    .description('say what is wrong with the policy, line by line')
    .addOption(file())
    .action(async (options: PolicyOptions) => {
      host.exitCode = await checkPolicy(loadConfig(host.env), options, host);
    });
}

/** Commands that change what the library holds, and show what was changed. */
function addReleasing(program: Command, host: CommandHost): void {
  program
    .command('import')
    .description("take an official release, or a site's own files, into the library")
    .argument(
      '<source>',
      [...IMPORT_SOURCES, LOCAL_SOURCE].map(({ name, description }) => `\n  ${name}: ${description}`).join(''),
    )
    .argument('[place]', 'a file, folder, zip, gz or https address; medlineplus finds its newest file without one')
    .option('--dry-run', 'read and count, show which texts would change, write nothing')
    .option('--diff <file>', 'write all texts that would change to a file')
    .option('--release <version>', 'version, in place of what the files say')
    .option('--force', 'take a release that looks like half a file, or like something else')
    .action(async (source: string, place: string | undefined, options: ImportCommandOptions) => {
      host.exitCode = await importRelease(loadConfig(host.env), source, place, options, host);
    });

  const releases = program
    .command('releases')
    .description('list the releases in the library')
    .action(async () => {
      host.exitCode = await listAllReleases(loadConfig(host.env), host);
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
      host.exitCode = await diffReleases(loadConfig(host.env), source, options, host);
    });

  program
    .command('rollback')
    .description('return a source to the release that was in use before')
    .argument('<source>', 'name of an importer')
    .option('--to <name>', 'name of the release to return to')
    .option('--remove', 'take the source out of the library')
    .action(async (source: string, options: RollbackOptions) => {
      host.exitCode = await rollback(loadConfig(host.env), source, options, host);
    });
}

/** Commands that keep a library safe. */
function addKeeping(program: Command, host: CommandHost): void {
  program
    .command('backup')
    .description('write a backup of the library file into a new file; servers go on meanwhile')
    .argument('<file>', 'the file to write; it must not be there yet')
    .action(async (file: string) => {
      host.exitCode = await backUp(loadConfig(host.env), file, host);
    });

  program
    .command('restore')
    .description('put a backup in the place of the library file, while no server runs; the file that was there is kept')
    .argument('<file>', 'the backup')
    .action(async (file: string) => {
      host.exitCode = await restore(loadConfig(host.env), file, new Date(), host);
    });
}

/** The command line: every command, its arguments and options. */
export function createProgram(host: CommandHost): Command {
  const program = new Command('education-connect')
    .description('Turns a clinical code into the patient-education article that explains it.')
    .version(loadConfig({}).version)
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    // Commands take this over: what they do with it is the entry point's.
    .exitOverride();
  addAnswering(program, host);
  addMeasuring(program, host);
  addPolicy(program, host);
  addReleasing(program, host);
  addKeeping(program, host);
  return program;
}

const WRONG_USE = 2;

/**
 * Runs one command line, `argv` as Node passes it. Sets the host's exit code: 2 for wrong use, 1 where the machine or the
 * environment is at fault, with one line on stderr.
 */
export async function runCommandLine(host: CommandHost, argv: readonly string[]): Promise<void> {
  try {
    await createProgram(host).parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has told already what is wrong; help is no error.
      host.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
      return;
    }
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    host.stderr.write(`education-connect: ${reason}\n`);
    host.exitCode = 1;
  }
}
