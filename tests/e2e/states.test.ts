import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { CHART as LAUNCHED_CHART, PATIENT_ID } from '../launch/chart.js';
import type { SmartEhr } from '../launch/smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from '../launch/smart-ehr.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { importSummary } from '../support/import-summary.js';
import { describeInBrowser, takePicture, violationsOf } from './browser.js';
import { suiteWindow } from './window.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
const LISTED = [
  'N53.14',
  'metformin 500 mg tablet',
  'HTN',
  'E11.9, I10; J45.909',
  'nonsense xyzzy',
  'denies chest pain',
];
const HANDED = 'article=topic-acne&article=ency-001282&article=drug-a692051';
const LAUNCH = 'launch';

type Step = (page: Page) => Promise<unknown>;

const openAll = async (page: Page, selector: string): Promise<void> => {
  for (const summary of await page.locator(selector).all()) await summary.click();
};
const sendList =
  (list: string, opened: string): Step =>
  async (page) => {
    await page.fill('#list', list);
    await page.locator('.packet-form [type=submit]').click();
    await page.locator('.entries').first().waitFor();
    await openAll(page, opened);
  };
const chartOf = (vendor: string) =>
  readFileSync(new URL(`../protocols/ccda/vendors/${vendor}.xml`, import.meta.url), 'utf8');
const toHandout: Step = async (page) => {
  // Others may have been given by the state before.
  await page.check('input[value=topic-asthma]');
  await page.click('.choice button[type=submit]');
  await page.fill('#note', 'Call us');
};
const pressGiven: Step = async (page) => {
  await toHandout(page);
  await page.click('.given button');
};
const give: Step = async (page) => {
  await pressGiven(page);
  // The same articles were given a moment ago, in the other language: it asks first.
  await page.locator('.done-form, .extras form[action$="/given"] button').first().waitFor();
  const again = page.locator('.extras form[action$="/given"] button');
  if ((await again.count()) > 0) await again.click();
  await page.locator('.done-form').waitFor();
};

/** Every page in its main states: its name, its path, and what is done there before it is judged. */
const STATES: readonly [name: string, path: string, step?: Step][] = [
  ['home', '/'],
  ['home-department', '/?department=lung'],
  [
    'home-suggestions',
    '/',
    async (page) => {
      await page.locator('#q').pressSequentially('asth');
      await page.locator('[role=option]').first().waitFor();
    },
  ],
  ['find-code', '/find?q=E11.9'],
  ['find-ambiguous', '/find?q=V90'],
  ['find-asks', '/find?q=MS'],
  ['find-misspelt', '/find?q=astmah'],
  ['find-result', '/find?q=potassium+5.9'],
  ['find-drug', '/find?q=percocet', (page) => openAll(page, '.row summary >> nth=0')],
  ['find-nothing', '/find?q=zzqqxx'],
  [
    'find-basket',
    '/find?q=asthma',
    async (page) => {
      await page.locator('.card input[type=checkbox]').first().check();
      await page.locator('.basket > summary').click();
    },
  ],
  ['application', `/application?${CS}&mainSearchCriteria.v.c=N53.14`],
  ['application-miss', `/application?${CS}&mainSearchCriteria.v.c=Z53.20`],
  ['application-error', '/application?mainSearchCriteria.v.c=N53.14'],
  ['patient', `/application?${CS}&mainSearchCriteria.v.c=E11.9&performer=PAT`],
  ['article-text', '/article/topic-acne'],
  ['article-drug', '/article/drug-a692051'],
  ['code', '/code/icd-10-cm/J45.90'],
  ['browse', '/browse'],
  ['browse-letter', '/browse?letter=v'],
  ['about', '/about'],
  ['source-attributes', '/source-attributes'],
  ['errors', '/errors'],
  ['nowhere', '/nowhere'],
  ['feedback', '/feedback?article=topic-acne&system=icd-10-cm&code=L70.0'],
  ['list-empty', '/packet'],
  ['list-codes', '/packet?code=icd-10-cm%7CE11.9&code=icd-10-cm%7CB20&code=icd-10-cm%7CZ53.20'],
  ['list-of-every-kind', '/packet', sendList(LISTED.join('\n'), '.row-change > summary')],
  ['chart-epic', '/packet', sendList(chartOf('epic'), 'main details > summary')],
  ['handout-empty', '/handout'],
  ['handout', `/handout?${HANDED}`],
  [
    'handout-of-all',
    `/handout?${HANDED}&language=en&also=es&set=true&large=true&label=true&labels=true&teachBack=true`,
  ],
  ['launch-list', LAUNCH],
  ['launch-handout', LAUNCH, toHandout],
  ['launch-given', LAUNCH, give],
  ['launch-given-twice', LAUNCH, pressGiven],
  [
    'given-to-you',
    LAUNCH,
    async (page) => {
      await page.goto(`${page.url()}/given-to-you`);
    },
  ],
  ['launch-closed', LAUNCH, (page) => page.click('.done-form button')],
  ['launch-refused', '/launch?iss=https://nowhere.example/fhir&launch=x'],
];

/** A desktop, a phone, the narrowest screen of WCAG 1.4.10, and a desktop at a zoom of 200 %. */
const [DESKTOP, PHONE, NARROW, ZOOMED] = [1280, 390, 320, 640];

/** Colours and layout by width are those of English: of a translation only the texts are judged again, and their room. */
const LOOKS = {
  all: [
    [DESKTOP, 'light'],
    [DESKTOP, 'dark'],
    [PHONE, 'light'],
    [NARROW, 'light'],
  ],
  translated: [[NARROW, 'light']],
} as const;

/** Texts of a list's rows that stand in a column of a letter or two. */
const squeezedOn = (page: Page): Promise<string[]> =>
  page.locator('.entries *').evaluateAll((elements) =>
    elements
      .filter(({ childNodes, clientWidth, clientHeight }) => {
        const isLong = [...childNodes].some(
          ({ nodeType, nodeValue }) => nodeType === 3 && /\S{4}/.test(nodeValue ?? ''),
        );
        return isLong && clientWidth < 24 && clientHeight > 100;
      })
      .map(({ textContent }) => textContent),
  );

const statesByLanguage = ['en', 'es'].flatMap((language) =>
  STATES.map(([name, path, step]) => [name, language, path, step] as const),
);

describeInBrowser('every page in its states', () => {
  const folder = temporaryFolder();
  let ehr: SmartEhr;
  const { open } = suiteWindow(async () => {
    const site = join(folder.path, 'site');
    mkdirSync(site);
    writeFileSync(
      join(site, 'lists.csv'),
      'name,name.es,article\nAsthma clinic,Clínica de asma,topic-asthma\nOther,,topic-gout\n',
    );
    const departments = join(folder.path, 'departments.yaml');
    const lung = '{ id: lung, name: Lung Clinic, name.es: Clínica del Pulmón, lists: [Asthma clinic] }';
    writeFileSync(departments, `departments:\n  - ${lung}\n`);
    ehr = await startSmartEhr(LAUNCHED_CHART, PATIENT_ID);
    ehr.behaviour.fhirUser = 'Practitioner/dr-1';
    ehr.fhir.abilities = [{ type: 'DocumentReference', interactions: ['create', 'read', 'update'] }];
    const ehrs = join(folder.path, 'ehrs.json');
    writeFileSync(ehrs, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID, writeBack: 'auto' }] }));
    const connector = await startConnector({
      env: {
        LOCAL_LIBRARY: site,
        SITE_NAME: 'Mercy General Hospital',
        DEPARTMENTS_FILE: departments,
        EHRS_FILE: ehrs,
        HANDED_OVER_OWNER: 'HIM',
        HANDED_OVER_RETENTION_DAYS: '3650',
      },
      clock: () => new Date(),
    });
    ehr.register(connector.url);
    await importSummary(connector, folder.path);
    return connector;
  });
  afterAll(async () => {
    await ehr.stop();
    folder.remove();
  });

  test.each(statesByLanguage)(
    '%s (%s) is accessible, and scrolls nowhere sideways',
    async (name, language, path, step) => {
      const address = path === LAUNCH ? `/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x` : path;
      await open(address, { locale: language }, async (page) => {
        await step?.(page);
        expect(await page.getAttribute('html', 'lang')).toBe(language);
        const found: string[] = [];
        for (const [width, colorScheme] of LOOKS[language === 'en' ? 'all' : 'translated']) {
          await page.setViewportSize({ width, height: 800 });
          await page.emulateMedia({ colorScheme });
          await takePicture(page, `${name}-${language}-${width}-${colorScheme}`);
          for (const one of await violationsOf(page)) found.push(`${width} ${colorScheme} ${one}`);
        }
        for (const width of [DESKTOP, ZOOMED, PHONE, NARROW]) {
          await page.setViewportSize({ width, height: 800 });
          const needed = Number(await page.evaluate('document.documentElement.scrollWidth'));
          if (needed > width) found.push(`${width} px scroll to ${needed}`);
          found.push(...(await squeezedOn(page)).map((text) => `${width} px squeeze ${text}`));
        }
        expect(found).toEqual([]);
      });
    },
  );
});
