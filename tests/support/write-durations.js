import { writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { format, resolveConfig } from 'prettier';

const PATH = 'tests/durations.json';

/** A reporter (npm run test:durations): writes what each suite of a whole run took, for the next run's order (longest-first.js). */
export default class WriteDurations {
  async onRunComplete(_contexts, { testResults, numFailedTestSuites }) {
    if (numFailedTestSuites > 0) return;
    const entries = testResults.map(({ testFilePath, perfStats }) => [
      relative(process.cwd(), testFilePath).split(sep).join('/'),
      // To the nearest tenth of a second: what differs by less changes no order.
      Math.round(perfStats.runtime / 100) * 100,
    ]);
    const text = JSON.stringify(Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1))));
    writeFileSync(PATH, await format(text, { ...(await resolveConfig(PATH)), parser: 'json' }));
  }
}
