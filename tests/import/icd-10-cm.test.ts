import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportPlace } from './import-place.js';
import { DATA, describeWithData } from '../support/shared-data.js';
import { importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

type Line = readonly [code: string, billable: 0 | 1, title: string];

/** An order file as CMS writes it: numbered, in fixed columns, a carriage return at each line's end. */
function orderFile(lines: readonly Line[]): string {
  return lines
    .map(([code, billable, title], index) => {
      const order = String(index + 1).padStart(5, '0');
      return `${order} ${code.padEnd(7)} ${billable} ${title.slice(0, 60).padEnd(60)} ${title}\r\n`;
    })
    .join('');
}

const LINES: readonly Line[] = [
  ['H4040', 0, 'Glaucoma secondary to eye inflammation, unspecified eye'],
  ['H4040X2', 1, 'Glaucoma secondary to eye inflammation, unspecified eye, moderate stage'],
  ['J09', 0, 'Influenza due to certain identified influenza viruses'],
  ['J09X', 0, 'Influenza due to identified novel influenza A virus'],
  ['J09X1', 1, 'Influenza due to identified novel influenza A virus with pneumonia'],
  ['S52521', 0, 'Torus fracture of lower end of right radius'],
  ['S52521A', 1, 'Torus fracture of lower end of right radius, initial encounter for closed fracture'],
  ['Z99', 0, 'Dependence on enabling machines and devices, not elsewhere classified'],
  ['U071', 1, 'COVID-19'],
];
const ORDER = orderFile(LINES);
const ORDER_NAME = 'icd10cm-order-2026.txt';

const TABULAR_NAME = 'icd10cm-tabular-2026.xml';
const TABULAR = `<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
  <version>2026</version>
  <introduction><introSection type="title"><title>ICD-10-CM TABULAR LIST</title></introSection></introduction>
  <chapter>
    <name>7</name>
    <desc>Diseases of the eye and adnexa (H00-H59)</desc>
    <sectionIndex><sectionRef first="H40" last="H42" id="H40-H42">Glaucoma</sectionRef></sectionIndex>
    <section id="H40-H42">
      <desc>Glaucoma (H40-H42)</desc>
      <diag>
        <name>H40</name>
        <desc>Glaucoma</desc>
        <excludes1><note>absolute glaucoma (H44.51-)</note></excludes1>
        <diag>
          <name>H40.0</name>
          <desc>Glaucoma suspect</desc>
        </diag>
        <diag>
          <name>H40.4</name>
          <desc>Glaucoma secondary to eye inflammation</desc>
          <inclusionTerm><note>Inflammatory  glaucoma &amp; like</note></inclusionTerm>
          <sevenChrDef>
            <extension char="0">stage unspecified</extension>
            <extension char="2">moderate stage</extension>
          </sevenChrDef>
          <diag>
            <name>H40.40</name>
            <desc>Glaucoma secondary to eye inflammation, unspecified eye</desc>
          </diag>
        </diag>
      </diag>
    </section>
  </chapter>
  <chapter>
    <name>10</name>
    <desc>Diseases of the respiratory system (J00-J99)</desc>
    <section id="J09-J18">
      <desc>Influenza and pneumonia (J09-J18)</desc>
      <diag>
        <name>J09</name>
        <desc>Influenza due to certain identified influenza viruses</desc>
        <diag placeholder="true">
          <name>J09.X</name>
          <desc>Influenza due to identified novel influenza A virus</desc>
          <inclusionTerm><note>Avian influenza</note></inclusionTerm>
          <diag>
            <name>J09.X1</name>
            <desc>Influenza due to identified novel influenza A virus with pneumonia</desc>
          </diag>
        </diag>
      </diag>
    </section>
  </chapter>
  <chapter>
    <name>19</name>
    <desc>Injury, poisoning and certain other consequences of external causes (S00-T88)</desc>
    <section id="S00-S09">
      <desc>Injuries to the head (S00-S09)</desc>
      <diag>
        <name>S06</name>
        <desc>Intracranial injury</desc>
        <sevenChrNote><note>The appropriate 7th character is to be added to each code</note></sevenChrNote>
        <sevenChrDef>
          <extension char="A">initial encounter</extension>
          <extension char="D">subsequent encounter</extension>
          <extension char="S">sequela</extension>
        </sevenChrDef>
        <notes>
          <note>7th characters D and S do not apply to codes in category S06 with 6th character 7 - death due to brain injury prior to regaining consciousness, or 8 - death due to other cause prior to regaining consciousness.</note>
        </notes>
        <diag placeholder="true">
          <name>S06.1X</name>
          <desc>Traumatic cerebral edema</desc>
          <diag><name>S06.1X6</name><desc>Edema, patient surviving</desc></diag>
          <diag><name>S06.1X7</name><desc>Edema, death due to brain injury</desc></diag>
        </diag>
      </diag>
    </section>
    <section id="S50-S59">
      <desc>Injuries to the elbow and forearm (S50-S59)</desc>
      <diag>
        <name>S52.52</name>
        <desc>Torus fracture of lower end of radius</desc>
        <sevenChrDef>
          <extension char="A">initial encounter for closed fracture</extension>
          <extension char="B">initial encounter for open fracture type I or II/
            initial encounter for open fracture NOS</extension>
        </sevenChrDef>
        <diag>
          <name>S52.521</name>
          <desc>Torus fracture of lower end of right radius</desc>
        </diag>
      </diag>
    </section>
    <section id="T07">
      <desc>Injuries involving multiple body regions (T07)</desc>
      <diag>
        <name>T07</name>
        <desc>Unspecified multiple injuries</desc>
        <sevenChrDef><extension char="A">initial encounter</extension></sevenChrDef>
      </diag>
    </section>
  </chapter>
</ICD10CM.tabular>
`;

describe('the order file of ICD-10-CM', () => {
  test('gives each code its title, its parent and whether a bill may carry it', async () => {
    const report = await place.importTexts('icd-10-cm', { [ORDER_NAME]: ORDER });
    expect(report).toMatchObject({ name: 'icd-10-cm-2026', read: 9, rejected: 0 });
    expect(await place.concept('icd-10-cm', 'H40.40X2')).toEqual({
      system: 'icd-10-cm',
      code: 'H40.40X2',
      title: 'Glaucoma secondary to eye inflammation, unspecified eye, moderate stage',
      parent: 'H40.40',
      billable: true,
      active: true,
      names: [],
      release: 'icd-10-cm-2026',
    });
    expect(await place.concept('icd-10-cm', 'S52.521A')).toMatchObject({ parent: 'S52.521', billable: true });
    expect(await place.concept('icd-10-cm', 'S52.521')).toMatchObject({ parent: undefined, billable: false });
    const status = await place.look((library) => library.status());
    expect(status.completeSystems.get('icd-10-cm')).toBe('icd-10-cm-2026');
    const [release] = await place.look((library) => library.findReleases(1));
    expect(release).toMatchObject({ source: 'icd-10-cm', builtOn: '2025-10-01' });
  });

  test('an X that only fills a place heads the category itself', async () => {
    await place.importTexts('icd-10-cm', { [ORDER_NAME]: ORDER });
    expect(await place.concept('icd-10-cm', 'J09.X1')).toMatchObject({ parent: 'J09', billable: true });
    expect(await place.concept('icd-10-cm', 'J09')).toMatchObject({
      title: 'Influenza due to certain identified influenza viruses',
      billable: false,
    });
  });

  test('is told from the addenda beside it in the zip, and read from it', async () => {
    const zip = await writeZip(join(place.folder, '2025-code-descriptions.zip'), {
      'april/icd10cm-order-addenda-April-2025.txt': 'Add: …\r\n',
      'april/icd10cm-order-April-2025.txt': ORDER,
      'april/icd10OrderFiles.pdf': '%PDF',
    });
    expect(await place.importFrom('icd-10-cm', zip)).toMatchObject({ name: 'icd-10-cm-2025-04', rejected: 0 });
    const [release] = await place.look((library) => library.findReleases(1));
    expect(release?.builtOn).toBe('2025-04-01');
  });

  test('a bad row is rejected with its line and the rest is taken', async () => {
    const lines = ORDER.split('\r\n');
    lines[0] = lines[0]?.replace('H4040 ', 'HH040 ') ?? '';
    lines[4] = '00005 J09X1 Influenza';
    lines[6] = '00007 S52521  1 Torus'.padEnd(77) + 'Torus again';
    const report = await place.importTexts('icd-10-cm', { [ORDER_NAME]: lines.join('\r\n') });
    expect(report.complaints).toEqual([
      { file: 'files-1/icd10cm-order-2026.txt', line: 1, reason: 'HH040 is not an ICD-10-CM code' },
      { file: 'files-1/icd10cm-order-2026.txt', line: 5, reason: 'not a line of an order file' },
      { file: 'files-1/icd10cm-order-2026.txt', line: 7, reason: 'S52.521 is a duplicate' },
    ]);
    expect(report).toMatchObject({ read: 9, rejected: 3, imported: { concepts: 5 } });
  });

  test.each([
    ['stops in mid-line', { [ORDER_NAME]: ORDER.slice(0, -4) }, 'stops in line 9'],
    ['stops before the last chapter', { [ORDER_NAME]: orderFile(LINES.slice(0, 7)) }, 'ends with S52.521A: truncated'],
    [
      'stops within the last chapter',
      { [ORDER_NAME]: orderFile([...LINES.slice(0, 7), ['Z980', 1, 'Intestinal bypass and anastomosis status']]) },
      'ends with Z98.0: truncated?; --force imports it anyway',
    ],
    [
      'lacks lines',
      { [ORDER_NAME]: ORDER.replace(/^00003.*\r\n/m, '') },
      'line 3 has the order number 00004: lines are missing',
    ],
    ['is empty', { [ORDER_NAME]: '' }, 'ends with nothing: truncated'],
    ['is not there', { 'codes.txt': ORDER }, 'none of the files is an ICD-10-CM order file or tabular list'],
    [
      'is there twice',
      { [ORDER_NAME]: ORDER, 'icd10cm-order-2025.txt': ORDER },
      'more than one file may be an ICD-10-CM order file',
    ],
    [
      'is of another year than the tabular list',
      { [ORDER_NAME]: ORDER, 'icd10cm-tabular-2025.xml': TABULAR },
      'are of different years',
    ],
  ])('that %s is refused and changes nothing', async (_what, files, reason) => {
    await place.importTexts('icd-10-cm', { [ORDER_NAME]: ORDER });
    await expect(place.importTexts('icd-10-cm', files)).rejects.toThrow(reason);
    expect(await place.concept('icd-10-cm', 'U07.1')).toMatchObject({ title: 'COVID-19' });
    expect(await place.look((library) => library.findReleases(9))).toHaveLength(2);
  });

  test('a gz or zip that ends early is refused', async () => {
    const gz = join(place.folder, `${ORDER_NAME}.gz`);
    writeFileSync(gz, gzipSync(ORDER).subarray(0, -40));
    await expect(place.importFrom('icd-10-cm', gz)).rejects.toThrow('cannot be read to its end');
    const zip = await writeZip(join(place.folder, 'order.zip'), { [ORDER_NAME]: ORDER });
    truncateSync(zip, 200);
    await expect(place.importFrom('icd-10-cm', zip)).rejects.toThrow('not a zip file, or is truncated');
  });
});

describe('the tabular list of ICD-10-CM', () => {
  test('gives chapters, blocks, categories and codes, each below the other', async () => {
    expect(await place.importTexts('icd-10-cm', { [TABULAR_NAME]: TABULAR })).toMatchObject({
      name: 'icd-10-cm-2026',
      rejected: 0,
    });
    const facts = async (code: string): Promise<unknown> => {
      const { title, parent, billable, names } = (await place.concept('icd-10-cm', code)) ?? {};
      return [title, parent, billable, names?.join()];
    };
    expect(await facts('7')).toEqual(['Diseases of the eye and adnexa', undefined, undefined, '']);
    expect(await facts('H40-H42')).toEqual(['Glaucoma', '7', undefined, '']);
    expect(await facts('H40')).toEqual(['Glaucoma', 'H40-H42', false, '']);
    expect(await facts('H40.0')).toEqual(['Glaucoma suspect', 'H40', true, '']);
    expect(await facts('H40.4')).toEqual([
      'Glaucoma secondary to eye inflammation',
      'H40',
      false,
      'Inflammatory glaucoma & like',
    ]);
  });

  test('gives the seventh characters of the nearest definition above, behind as many X as are due', async () => {
    await place.importTexts('icd-10-cm', { [TABULAR_NAME]: TABULAR });
    expect(await place.concept('icd-10-cm', 'H40.40')).toMatchObject({ billable: false });
    expect(await place.concept('icd-10-cm', 'H40.40X2')).toMatchObject({
      title: 'Glaucoma secondary to eye inflammation, unspecified eye, moderate stage',
      parent: 'H40.40',
      billable: true,
    });
    expect(await place.concept('icd-10-cm', 'S52.521A')).toMatchObject({
      title: 'Torus fracture of lower end of right radius, initial encounter for closed fracture',
      parent: 'S52.521',
      billable: true,
    });
    expect(await place.concept('icd-10-cm', 'S52.521B')).toMatchObject({
      title: 'Torus fracture of lower end of right radius, initial encounter for open fracture type I or II',
    });
    // A block of one category is that category.
    expect(await place.concept('icd-10-cm', 'T07')).toMatchObject({
      title: 'Unspecified multiple injuries',
      parent: '19',
      billable: false,
    });
    expect(await place.concept('icd-10-cm', 'T07.XXXA')).toMatchObject({ parent: 'T07', billable: true });
  });

  test('heeds which codes do not have them', async () => {
    await place.importTexts('icd-10-cm', { [TABULAR_NAME]: TABULAR });
    const known = await Promise.all(
      ['S06.1X6A', 'S06.1X6D', 'S06.1X7A', 'S06.1X7D', 'S06.1X7S'].map((code) => place.concept('icd-10-cm', code)),
    );
    expect(known.map((concept) => concept?.code)).toEqual(['S06.1X6A', 'S06.1X6D', 'S06.1X7A', undefined, undefined]);
  });

  test('what is said of a place that an X fills is said of the category', async () => {
    await place.importTexts('icd-10-cm', { [TABULAR_NAME]: TABULAR });
    expect(await place.concept('icd-10-cm', 'J09')).toMatchObject({
      parent: 'J09-J18',
      names: ['Influenza due to identified novel influenza A virus', 'Avian influenza'],
    });
    expect(await place.concept('icd-10-cm', 'J09.X1')).toMatchObject({ parent: 'J09', billable: true });
  });

  test('adds headings and names to the codes of the order file', async () => {
    const report = await place.importTexts('icd-10-cm', { [ORDER_NAME]: ORDER, [TABULAR_NAME]: TABULAR });
    expect(report.rejected).toBe(0);
    expect(await place.concept('icd-10-cm', 'J09')).toMatchObject({
      title: 'Influenza due to certain identified influenza viruses',
      parent: 'J09-J18',
      billable: false,
      names: ['Influenza due to identified novel influenza A virus', 'Avian influenza'],
    });
    expect(await place.concept('icd-10-cm', 'J09-J18')).toMatchObject({
      title: 'Influenza and pneumonia',
      parent: '10',
    });
    expect(await place.concept('icd-10-cm', 'H40.40X2')).toMatchObject({ parent: 'H40.40', billable: true });
    // A code that the order file does not have is no code.
    expect(await place.concept('icd-10-cm', 'H40.40X0')).toBeUndefined();
  });

  test('a code that cannot be one is rejected with its line', async () => {
    const odd = TABULAR.replace('<name>H40.0</name>', '<name>40.0</name>');
    const report = await place.importTexts('icd-10-cm', { [TABULAR_NAME]: odd });
    expect(report.complaints).toEqual([
      { file: `files-1/${TABULAR_NAME}`, line: 15, reason: '40.0 is not an ICD-10-CM code' },
    ]);
  });

  test.each([
    ['does not close', TABULAR.slice(0, -300), 'is not a complete XML document'],
    ['is malformed', TABULAR.replace('</diag>', '</daig>'), 'is not a complete XML document'],
    ['is another', '<health-topics><diag/></health-topics>', 'is not an ICD-10-CM tabular list'],
    [
      'declares entities',
      TABULAR.replace('<ICD10CM', '<!DOCTYPE x [<!ENTITY e "glaucoma">]>\n<ICD10CM').replace('Glaucoma<', '&e;<'),
      'is not a complete XML document',
    ],
    ['nests without end', `<ICD10CM.tabular>${'<diag>'.repeat(101)}`, 'it is nested too deeply'],
  ])('that %s is refused and changes nothing', async (_what, xml, reason) => {
    await expect(place.importTexts('icd-10-cm', { [TABULAR_NAME]: xml })).rejects.toThrow(reason);
    expect(await place.look((library) => library.findReleases(9))).toHaveLength(1);
  });
});

const REAL = `${DATA}/icd10cm/icd10cm-order-2021.txt.gz`;
describeWithData('icd10cm', "CMS's order file of 2021", () => {
  test('is taken whole, with the seventh characters', async () => {
    const report = await place.importFrom('icd-10-cm', REAL);
    expect(report).toMatchObject({ name: 'icd-10-cm-2021', read: 95_358, rejected: 0 });
    // J09X and M01X only fill a place.
    expect(report.imported.concepts).toBe(95_356);
    expect(await place.concept('icd-10-cm', 'H40.40X2')).toMatchObject({ parent: 'H40.40', billable: true });
    expect(await place.concept('icd-10-cm', 'S52.521A')).toMatchObject({
      title: 'Torus fracture of lower end of right radius, initial encounter for closed fracture',
      parent: 'S52.521',
    });
    expect(await place.concept('icd-10-cm', 'S52.521')).toMatchObject({ billable: false });
  });

  test('cut anywhere in its middle is refused', async () => {
    const whole = gunzipSync(readFileSync(REAL)).toString();
    for (const share of [0.1, 0.5, 0.999]) {
      const cut = { 'icd10cm-order-2021.txt': whole.slice(0, Math.floor(whole.length * share)) };
      await expect(place.importTexts('icd-10-cm', cut)).rejects.toThrow('truncated');
    }
  });
});
