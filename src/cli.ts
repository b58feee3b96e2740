#!/usr/bin/env node
import { endInOneLine } from './cli/end-in-one-line.js';

await endInOneLine(process, async () => {
  const { runCommandLine } = await import('./cli/program.js');
  await runCommandLine(process, process.argv);
});
