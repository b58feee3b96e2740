import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE, type RequestContext } from '../../src/core/answer/knowledge-request.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';
import { describeWithData, read } from '../support/shared-data.js';

/** Problems that clinics note, most used first: the first of them, and others drawn from those behind. */
const MOST_USED = 500;
const DRAWN_FROM = 2000;
const STEP = 3;

const CLINICIAN: RequestContext = { ...ANYONE, recipient: 'PROV', performer: 'PROV' };

const [folder, hidden] = [temporaryFolder(), temporaryFolder()];
let library: ManagedLibrary;
let withoutRows: ManagedLibrary;

/** The first articles for problems in SNOMED CT. */
async function answer(
  titles: readonly (readonly [code: string, title: string])[],
  context: RequestContext,
  from: ManagedLibrary,
) {
  const criteria = titles.map(([code, display]) => ({
    codings: [{ system: 'snomed-ct' as const, systemSent: 'snomed-ct', code, display, userSelected: false }],
  }));
  const { answers } = await answerRequest({ criteria, context, maxArticles: 3, answersApart: true }, from);
  return answers.map(({ matches }) => matches.map(({ article }) => article.id));
}

describeWithData('snomed', 'problems whose code has no row, by their title', () => {
  beforeAll(async () => {
    ({ library } = await openTestLibrary(testConfig(folder.path)));
    ({ library: withoutRows } = await openTestLibrary(testConfig(hidden.path, { OMIT_CODE_SYSTEMS: 'snomed-ct' })));
  });
  afterAll(async () => {
    await library.close();
    await withoutRows.close();
    folder.remove();
    hidden.remove();
  });

  test.each<[string, (place: number) => boolean, number, number]>([
    ['the 500 most used', (place) => place < MOST_USED, 0.94, 0.73],
    ['every third of the 1,500 behind', (place) => place >= MOST_USED && place % STEP === 0, 0.9, 0.52],
  ])(
    '%s: most are answered, and as their own rows would',
    async (name, isChosen, leastForClinicians, leastForPatients) => {
      const problems = read('snomed/core_2014_usage.csv.gz')
        .filter(({ retired }) => retired === 'False')
        .slice(0, DRAWN_FROM)
        .flatMap(({ sctid = '', name: title = '' }, place) => (isChosen(place) ? [[sctid, title] as const] : []));
      const [own, forClinician, forPatient] = [
        await answer(problems, CLINICIAN, library),
        await answer(problems, CLINICIAN, withoutRows),
        await answer(problems, ANYONE, withoutRows),
      ];
      const share = (answers: readonly string[][]): number =>
        answers.filter(({ length }) => length > 0).length / answers.length;
      const both = forClinician.filter((found, index) => found.length > 0 && (own[index]?.length ?? 0) > 0);
      const like = forClinician.filter((found, index) => found.some((id) => own[index]?.includes(id)));
      const percent = (one: number): string => `${(one * 100).toFixed(1)} %`;
      process.stdout.write(
        `${name}: ${problems.length} problems, a clinician is answered ${percent(share(forClinician))}, ` +
          `a patient ${percent(share(forPatient))}; a page of the code's own rows in ${percent(like.length / both.length)}\n`,
      );
      expect(share(forClinician)).toBeGreaterThanOrEqual(leastForClinicians);
      expect(share(forPatient)).toBeGreaterThanOrEqual(leastForPatients);
      expect(like.length / both.length).toBeGreaterThanOrEqual(0.85);
    },
  );
});
