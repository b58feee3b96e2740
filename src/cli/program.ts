import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { backUp, restore } from './backup.js';
import { build } from './build.js';
import { checkArticleLinks } from './check-links.js';
import { coverage } from './coverage.js';
import { importRelease } from './import.js';
import { LOCAL_SOURCE } from './import-local.js';
import { lookup } from './lookup.js';
import { reportFeedback } from './feedback.js';
import { reportHandedOver } from './handed-over.js';
import { checkPolicy, testPolicy } from './policy.js';
import { describeFailure } from './reports/reason.js';
import { diffReleases } from './releases-diff.js';
import { listAllReleases, rollback } from './releases.js';
import { replay } from './replay.js';
import { REPORT_FORMATS } from './reports/write-coverage.js';
import { loadConfig, type Config } from '../config/config.js';
import { IMPORT_SOURCES } from '../import/sources.js';
import type { ServingProcess } from './serve.js';

/** The part of the process that commands need. */
export type CommandHost = ServingProcess & Pick<NodeJS.Process, 'env' | 'exitCode'>;

const reportFormat = (): Option =>
  new Option('-f, --format <format>', 'how to write the report').choices(REPORT_FORMATS).default('text');

/** Runs a command that has options: with the settings, its arguments and options; what it returns is the exit code. */
const createRunner =
  (host: CommandHost) =>
  <Arguments extends readonly unknown[]>(
    work: (config: Config, ...rest: [...Arguments, CommandHost]) => Promise<number>,
  ) =>
  async (...sent: [...Arguments, Command]): Promise<void> => {
    host.exitCode = await work(loadConfig(host.env), ...(sent.slice(0, -1) as unknown as Arguments), host);
  };

/** Parses an option as a whole number of 1 or more. */
function parseWholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of 1 or more');
  return Number(text);
}

/** Commands that answer from the library. */
function addAnswering(program: Command, host: CommandHost): void {
  const run = createRunner(host);
  program
    .command('serve')
    .description('run the server (the same as npm start)')
    .action(async () => {
      // Twice as many modules as all other commands need: loaded for this one alone.
      const { serve } = await import('./serve.js');
      await serve(host.env, host);
    });

  program
    .command('build')
    .description('bring the library file up to date with resources, mappings and LOCAL_LIBRARY')
    .option('--finish', 'leave the file ready for a read-only volume')
    .action(run(build));

  program
    .command('lookup')
    .description('show the articles for a code, or for a drug name')
    .argument('<code>', 'a code, such as N53.14; a drug name with --system rxnorm')
    .option('-s, --system <system>', 'code system: a label, an OID or a FHIR address', 'icd-10-cm')
    .option('-l, --language <language>', 'en or es', 'en')
    .option('--json', 'answer as JSON')
    .action(run(lookup));
}

/** Commands that measure how well the library answers. */
function addMeasuring(program: Command, host: CommandHost): void {
  const run = createRunner(host);
  program
    .command('coverage')
    .description("report how well the library answers a site's codes")
    .argument('<codes>', 'a CSV file with the columns system, code and optionally count and display (of drugs)')
    .addOption(reportFormat())
    .option('--top <number>', 'maximum codes in the lists of gaps', parseWholeNumber, 20)
    .action(run(coverage));

  program
    .command('replay')
    .description("report how well the library answers a log's requests to MedlinePlus Connect")
    .argument('<logs...>', 'logs of a web server or a proxy, or lists of addresses; gz too')
    .addOption(reportFormat())
    .option('--top <number>', 'maximum codes in the lists of gaps', parseWholeNumber, 20)
    .action(run(replay));

  program
    .command('feedback')
    .description("list readers' feedback on articles, as a CSV patch against the mappings")
    .option('--system <system>', "only one code system's rows, with the columns of its mapping file")
    .option('--clear', 'remove the listed entries from the queue')
    .action(run(reportFeedback));

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
    .action(run(reportHandedOver));

  program
    .command('check-links')
    .description("visit the articles' web pages, slowly, and report which exist")
    .option('--report <file>', 'CSV file to write; an unfinished one is continued', 'link-check.csv')
    .option('--delay <ms>', 'pause between two requests to one host', parseWholeNumber, 500)
    .option('--limit <number>', 'maximum addresses to visit', parseWholeNumber)
    .option('--apply', 'confirm the pages that exist, and withdraw those that are gone')
    .option('--force', 'withdraw the pages even if they are more than half')
    .action(run(checkArticleLinks));
}

/** Commands about a site's policy. */
function addPolicy(program: Command, host: CommandHost): void {
  const run = createRunner(host);
  const policy = program.command('policy').description("test a site's policy");
  const file = (): Option => new Option('--policy <file>', 'the policy to test instead of the configured one');

  policy
    .command('test')
    .description("show what the policy changes in the answers to a site's codes")
    .argument('<codes>', 'a CSV file with the columns system, code and optionally count and display (of drugs)')
    .addOption(file())
    .addOption(reportFormat())
    .option('-l, --language <language>', 'en or es', 'en')
    .action(run(testPolicy));

  policy
    .command('check')
    .description("list the policy's faults, line by line")
    .addOption(file())
    .action(run(checkPolicy));
}

/** Commands that change the library's content, and show the changes. */
function addReleasing(program: Command, host: CommandHost): void {
  const run = createRunner(host);
  program
    .command('import')
    .description("import an official release, or a site's own files, into the library")
    .argument(
      '<source>',
      [...IMPORT_SOURCES, LOCAL_SOURCE].map(({ name, description }) => `\n  ${name}: ${description}`).join(''),
    )
    .argument('[place]', 'a file, folder, zip, gz or https address; medlineplus finds its newest file without one')
    .option('--dry-run', 'read and count, show which texts would change, write nothing')
    .option('--diff <file>', 'write all texts that would change to a file')
    .option('--release <version>', 'version, overriding the files')
    .option('--force', 'import a release that looks truncated, or of another kind')
    .action(run(importRelease));

  const releases = program
    .command('releases')
    .description('list the releases in the library')
    .action(async () => {
      host.exitCode = await listAllReleases(loadConfig(host.env), host);
    });

  releases
    .command('diff')
    .description('show which answers differ between two releases of a source')
    .argument('[source]', 'name of an importer, starter or local; default: the last changed source')
    .option('--from <name>', 'name of the older release; default: the one retained for a rollback')
    .option('--to <name>', 'name of the newer release; default: the one in use')
    .option('--codes <file>', 'a CSV file of the codes to compare, as for coverage')
    .addOption(reportFormat())
    .action(run(diffReleases));

  program
    .command('rollback')
    .description('return a source to its previous release')
    .argument('<source>', 'name of an importer')
    .option('--to <name>', 'name of the release to return to')
    .option('--remove', 'remove the source from the library')
    .action(run(rollback));
}

/** Commands for backup and restore. */
function addBackup(program: Command, host: CommandHost): void {
  program
    .command('backup')
    .description('write a backup of the library file to a new file; servers keep running')
    .argument('<file>', 'the file to write; it must not exist')
    .action(async (file: string) => {
      host.exitCode = await backUp(loadConfig(host.env), file, host);
    });

  program
    .command('restore')
    .description('replace the library file with a backup, while no server runs; the previous file is retained')
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
    // Commands inherit this: the entry point decides what happens with errors.
    .exitOverride();
  addAnswering(program, host);
  addMeasuring(program, host);
  addPolicy(program, host);
  addReleasing(program, host);
  addBackup(program, host);
  return program;
}

const WRONG_USE = 2;

/**
 * Runs one command line, `argv` as passed by Node. Sets the host's exit code: 2 for wrong use, 1 for a fault of the
 * machine or the environment, with one line on stderr.
 */
export async function runCommandLine(host: CommandHost, argv: readonly string[]): Promise<void> {
  try {
    await createProgram(host).parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has already printed the error; help is not an error.
      host.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
      return;
    }
    const reason = describeFailure(error);
    if (reason === undefined) throw error;
    host.stderr.write(`education-connect: ${reason}\n`);
    host.exitCode = 1;
  }
}
