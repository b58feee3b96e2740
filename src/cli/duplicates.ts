import type { Config } from '../config/config.js';
import { csvLine } from '../core/csv.js';
import { DUPLICATE_CSV, listDuplicates, toDuplicateCells } from '../core/keeping/duplicates.js';
import { onConfigured } from './open-served.js';
import { command, type Streams } from './reports/command.js';

const SOME_FOUND = 2;

/**
 * Lists the site's own handouts that answer the same code in the same language for the same readers.
 * @returns exit code: 0; 2 if there are any
 */
export const reportDuplicates = command((config: Config, _options: object, { stdout }: Streams) => {
  return onConfigured(config, (library) => {
    const found = listDuplicates(library);
    stdout.write([DUPLICATE_CSV, ...found.flatMap(toDuplicateCells)].map(csvLine).join(''));
    return found.length > 0 ? SOME_FOUND : 0;
  });
});
