#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './cli/program.js';
import { ConfigError } from './config/config.js';
import { RequestError } from './core/errors.js';
import { LibraryFileError, isMachineError } from './library/open.js';

const WRONG_USE = 2;

/** What stands in the way of a command and is no fault of the program, in one line; undefined for what is one. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof LibraryFileError) return error.message;
  if (isMachineError(error)) return error.message;
  if (!(error instanceof RequestError)) return undefined;
  return `${error.code}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}`;
}

try {
  await createProgram(process).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // It has told already what is wrong; help is no error.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  } else {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    process.stderr.write(`education-connect: ${reason}\n`);
    process.exitCode = 1;
  }
}
