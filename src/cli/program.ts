import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { backUp, restore } from './backup.js';
import { LOCAL_SOURCE, build } from './build.js';
import { checkArticleLinks } from './check-links.js';
import { checkPdfs } from './check-pdfs.js';
import { coverage } from './coverage.js';
import { reportDuplicates } from './duplicates.js';
import { exportWritten } from './export.js';
import { importRelease } from './import.js';
import { lookup } from './lookup.js';
import { reportFeedback } from './feedback.js';
import { reportHandedOver } from './handed-over.js';
import { checkPolicy, testPolicy } from './policy.js';
import { describeFailure } from './reports/command.js';
import { diffReleases } from './releases-diff.js';
import { listAllReleases, rollback } from './releases.js';
import { replay } from './replay.js';
import { updateSources } from './update.js';
import { verify } from './verify.js';
import { loadConfig, type Config } from '../config/config.js';
import { readDataFile } from '../core/read-data-file.js';
import { IMPORT_SOURCES } from '../import/sources.js';
import type { ServingProcess } from './serve.js';

/** The part of the process that commands need. */
export type CommandHost = ServingProcess & Pick<NodeJS.Process, 'env' | 'exitCode'>;

interface OptionText {
  readonly description: string;
  readonly default?: string | number;
  readonly choices?: readonly string[];
  /** It is a whole number of 1 or more. */
  readonly isNumber?: boolean;
}

/** Commands by name, as resources/cli/commands.yaml has them: arguments and options by what is typed. */
type CommandTexts = Readonly<
  Record<
    string,
    {
      readonly description: string;
      readonly arguments?: Readonly<Record<string, string>>;
      readonly options?: Readonly<Record<string, OptionText>>;
      readonly commands?: CommandTexts;
    }
  >
>;

type Action = (...sent: unknown[]) => Promise<void>;

/** Actions of the commands, by their whole names. */
function createActions(host: CommandHost): Readonly<Record<string, Action>> {
  /** Runs work with the settings, the command's arguments and options, and the host; what it returns is the exit code. */
  const run =
    (work: (config: Config, ...rest: never[]) => Promise<number>): Action =>
    async (...sent) => {
      host.exitCode = await work(loadConfig(host.env), ...(sent.slice(0, -1) as never[]), host as never);
    };
  return {
    serve: async () => {
      // Twice as many modules as all other commands need: loaded for this one alone.
      const { serve } = await import('./serve.js');
      await serve(host.env, host);
    },
    demo: async (options) => {
      const { demo } = await import('./demo.js');
      await demo(options as { readonly port: number }, host);
    },
    build: run(build),
    lookup: run(lookup),
    coverage: run(coverage),
    replay: run(replay),
    feedback: run(reportFeedback),
    'handed-over': run(reportHandedOver),
    'check-links': run(checkArticleLinks),
    'check-pdfs': run(checkPdfs),
    duplicates: run(reportDuplicates),
    'policy test': run(testPolicy),
    'policy check': run(checkPolicy),
    import: run(importRelease),
    update: run(updateSources),
    releases: run((config) => listAllReleases(config, host)),
    'releases diff': run(diffReleases),
    rollback: run(rollback),
    export: run((config) => exportWritten(config, host)),
    backup: run((config, file: string) => backUp(config, file, host)),
    verify: run((config, place: string | undefined) => verify(config, place, host)),
    restore: run((config, file: string) => restore(config, file, new Date(), host)),
  };
}

/** Parses an option as a whole number of 1 or more. */
function parseWholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it must be a whole number of 1 or more');
  return Number(text);
}

function toOption(flags: string, { description, choices, isNumber = false, default: usual }: OptionText): Option {
  const option = new Option(flags, description).default(usual);
  if (choices) option.choices(choices);
  return isNumber ? option.argParser(parseWholeNumber) : option;
}

const listSources = (): string =>
  [...IMPORT_SOURCES, LOCAL_SOURCE].map(({ name, description }) => `\n  ${name}: ${description}`).join('');

function addCommands(parent: Command, texts: CommandTexts, actions: ReturnType<typeof createActions>, path = ''): void {
  for (const [name, { description, arguments: sent = {}, options = {}, commands = {} }] of Object.entries(texts)) {
    const command = parent.command(name).description(description);
    for (const [argument, about] of Object.entries(sent))
      command.argument(argument, about === '$sources' ? listSources() : about);
    for (const [flags, option] of Object.entries(options)) command.addOption(toOption(flags, option));
    const action = actions[path + name];
    if (action) command.action(action);
    addCommands(command, commands, actions, `${path}${name} `);
  }
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
  const { commands } = readDataFile('cli/commands.yaml') as { readonly commands: CommandTexts };
  addCommands(program, commands, createActions(host));
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
