import { existsSync, readFileSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import Sequencer from '@jest/test-sequencer';

const PATH = 'tests/durations.json';
/** A guess for a suite that was not measured yet: milliseconds for each byte of it. */
const MS_A_BYTE = 0.3;

/** Durations of the suites in milliseconds, by their paths; `npm run test:durations` writes it. */
const durations = existsSync(PATH) ? JSON.parse(readFileSync(PATH, 'utf8')) : {};

/**
 * Begins with the suites that take longest, so that none of them runs alone at the end. Jest itself knows what suites took only
 * where they ran before; a clean clone has these figures with it.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const lengthOf = ({ path, context }) => {
      const name = relative(context.config.rootDir, path).split(sep).join('/');
      return durations[name] ?? statSync(path).size * MS_A_BYTE;
    };
    return [...tests].sort((one, other) => lengthOf(other) - lengthOf(one) || one.path.localeCompare(other.path));
  }
}
