#!/usr/bin/env node
import { runCommandLine } from './cli/program.js';

await runCommandLine(process, process.argv);
