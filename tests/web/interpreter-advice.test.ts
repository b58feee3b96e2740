import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startConnector, type TestConnector } from '../support/connector.js';

const HELP = 'Interpreters: extension 4711 <day & night>';
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { INTERPRETER_HELP: HELP } });
});
afterAll(() => connector.stop());
const open = async (path: string): Promise<string> => (await fetch(connector.url + path)).text();
const ADVICE = 'qualified interpreter';

test.each([
  [
    'a handout in a language that the library lacks',
    '/handout?article=ency-001282&language=vi',
    'Not available in Vietnamese:',
  ],
  ['an article in one', '/article/ency-001282?lang=vi', 'Not available in Vietnamese:'],
])('%s advises staff, with the site’s words', async (_name, path, words) => {
  const text = await open(path);
  expect(text).toContain(words);
  expect(text).toContain(ADVICE);
  expect(text).toContain('Interpreters: extension 4711 &lt;day &amp; night>');
});

test.each([
  ['in its own language', '/handout?article=topic-asthma&language=es'],
  ['in both of a bilingual handout', '/handout?article=topic-asthma&language=es,en'],
  ['in the reader’s language', '/article/topic-asthma'],
])('an article %s needs none', async (_name, path) => {
  expect(await open(path)).not.toContain(ADVICE);
});

test('the paper has none of it: the single file is the patient’s', async () => {
  expect(await open('/handout.html?article=ency-001282&language=vi')).not.toContain(ADVICE);
});
