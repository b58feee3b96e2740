#!/usr/bin/env node
import { CommanderError } from 'commander';
import { createProgram } from './cli/program.js';
import { reasonOf } from './cli/reason.js';

const WRONG_USE = 2;

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
