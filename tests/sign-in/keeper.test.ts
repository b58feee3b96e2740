import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeInBrowser, launchBrowser, takePicture, violationsOf } from '../e2e/browser.js';
import { ask } from '../http/ask.js';
import { Visitor, type Shown } from '../launch/visitor.js';
import { handout } from '../protocols/fhir/written.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { beLongSuffering } from '../support/patience.js';
import { CLIENT_ID, CLIENT_SECRET, startProvider, type StaffProvider } from './provider.js';

beLongSuffering();

const TOKEN = 'a-token-of-a-program';
const folder = temporaryFolder();
let provider: StaffProvider;
let connector: TestConnector;
let url = '';

beforeAll(async () => {
  writeFileSync(join(folder.path, 'secret'), CLIENT_SECRET);
  const file = join(folder.path, 'sign-in.json');
  provider = await startProvider();
  const { issuer } = provider;
  writeFileSync(
    file,
    JSON.stringify({
      roles: { reader: ['nurses'], curator: ['education'] },
      provider: { issuer, clientId: CLIENT_ID, authentication: 'client_secret_basic', secretFile: 'secret' },
    }),
  );
  connector = await startConnector({ env: { SIGN_IN_FILE: file, WRITE_TOKENS: TOKEN }, clock: () => new Date() });
  ({ url } = connector);
  await provider.register(url);
});
afterAll(async () => {
  await connector.stop();
  await provider.stop();
  folder.remove();
});

/** Signs a person in. */
async function signIn(name: string, group = 'education'): Promise<Visitor> {
  provider.behaviour.account = `subject-of-${name}`;
  provider.behaviour.claims = { preferred_username: name, groups: [group] };
  const visitor = new Visitor();
  await visitor.open(`${url}/account`);
  return visitor;
}

const HTML = '<p>Drink two glasses of water.</p>';
async function write(id: string, title: string): Promise<void> {
  const attachment = {
    language: 'en',
    url: 'https://clinic.example/zebra.html',
    title,
    contentType: 'text/html',
    data: Buffer.from(HTML).toString('base64'),
  };
  const { context: _, ...plain } = handout({ id, content: [{ attachment }] });
  const body = JSON.stringify(plain);
  const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/fhir+json' };
  const { status, text } = await ask(url, `/fhir/DocumentReference/${id}`, { method: 'PUT', headers, body });
  expect([status, text.slice(0, 300)]).toEqual([201, expect.anything()]);
}

const readVersion = ({ text }: Shown): string => /name="version" value="([^"]+)"/.exec(text)?.[1] ?? '';
const send = (visitor: Visitor, id: string, fields: Record<string, string>): Promise<Shown> =>
  visitor.open(`${url}/keeper/DocumentReference/${id}`, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
  });
const look = (visitor: Visitor, id: string): Promise<Shown> => visitor.open(`${url}/keeper/DocumentReference/${id}`);
const readServed = async (id: string): Promise<string> => (await ask(url, `/article/${id.replace(/-en$/, '')}`)).text;

describe('Curators', () => {
  test('edit, submit and approve a handout, two of them', async () => {
    const id = 'local-water-en';
    await write(id, 'Water plan');
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    expect((await ana.open(`${url}/keeper?list=all`)).text).toContain('Water plan');
    const first = await look(ana, id);
    expect(first.text).toContain('Drink two glasses');
    const edited = await send(ana, id, {
      version: readVersion(first),
      step: 'save',
      title: 'Water plan, new',
      html: '<p>Drink three glasses of water.</p>',
      owner: 'Ana',
      department: 'Nephrology',
      nextReview: '2020-01-01',
      changeNote: 'three now',
    });
    expect([edited.status, edited.text.includes('three now')]).toEqual([200, true]);
    expect(await readServed(id)).not.toContain('three glasses');
    const submitted = await send(ana, id, { version: readVersion(edited), step: 'submit' });
    expect(submitted.text).toContain('in review');
    expect(submitted.text).not.toContain('value="approve"');
    expect((await send(ana, id, { version: readVersion(submitted), step: 'approve' })).status).toBe(409);
    const approved = await send(ben, id, { version: readVersion(await look(ben, id)), step: 'approve' });
    expect(approved.text).toMatch(/approved on \d{4}-\d\d-\d\d by ben/);
    const served = await readServed(id);
    expect(served).toContain('three glasses');
    expect(served).toContain('Its review was due on January 1, 2020');
    for (const list of ['waiting', 'overdue'])
      expect((await ana.open(`${url}/keeper?list=${list}`)).text).toContain('Water plan, new');
    const retired = await send(ana, id, { version: readVersion(approved), step: 'retire' });
    expect(retired.text).toContain('retired');
    expect((await ask(url, '/article/local-water')).status).toBe(404);
  });

  test('that change the same version see both texts, and nothing is lost', async () => {
    const id = 'local-salt-en';
    await write(id, 'Salt plan');
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    const version = readVersion(await look(ana, id));
    const save = (visitor: Visitor, title: string) =>
      send(visitor, id, { version, step: 'save', title, html: `<p>${title} in full</p>` });
    expect((await save(ana, 'Of Ana')).status).toBe(200);
    const late = await save(ben, 'Of Ben');
    expect(late.status).toBe(409);
    for (const words of ['Of Ana in full', 'Of Ben in full', 'nothing is lost']) expect(late.text).toContain(words);
    expect(readVersion(late)).toBe(readVersion(await look(ana, id)));
  });

  test('discard a draft: what others see stays, and what was never approved is gone; an unchanged text is no draft', async () => {
    const id = 'local-tea-en';
    await write(id, 'Tea plan');
    const ana = await signIn('ana');
    const version = readVersion(await look(ana, id));
    const html = `${HTML}\r\n`;
    const same = await send(ana, id, { version, step: 'save', title: 'Tea plan', html, owner: 'Ana' });
    expect(same.text).not.toContain('The draft');
    const draft = await send(ana, id, { version: readVersion(same), step: 'save', title: 'Coffee plan', html });
    expect(draft.text).toContain('The draft');
    const left = await send(ana, id, { version: readVersion(draft), step: 'discard' });
    expect([left.text.includes('Tea plan'), left.text.includes('<h2>The draft')]).toEqual([true, false]);
    expect(left.text).toContain('value="Ana"');
    const fresh = 'local-fresh-en';
    const body = JSON.stringify(handout({ id: fresh, docStatus: 'preliminary' }));
    const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/fhir+json' };
    await ask(url, `/fhir/DocumentReference/${fresh}`, { method: 'PUT', headers, body });
    const gone = await send(ana, fresh, { version: readVersion(await look(ana, fresh)), step: 'discard' });
    expect(gone.url).toBe(`${url}/keeper`);
    expect((await look(ana, fresh)).status).toBe(404);
  });

  test('are told of a day that is none and of a title that is too long, with what they typed', async () => {
    const id = 'local-day-en';
    await write(id, 'Day plan');
    const ana = await signIn('ana');
    const version = readVersion(await look(ana, id));
    expect((await send(ana, id, { version, step: 'save', title: 'Day plan', nextReview: 'soon' })).status).toBe(400);
    const long = await send(ana, id, {
      version,
      step: 'save',
      title: 'x'.repeat(301),
      html: HTML,
      owner: 'Typed Owner',
    });
    expect([long.status, long.text.includes('Typed Owner')]).toEqual([422, true]);
    expect((await send(ana, id, { version, step: 'jump' })).status).toBe(400);
    const foreign = await ana.open(`${url}/keeper/DocumentReference/${id}`, {
      method: 'POST',
      body: `version=${version}&step=retire`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    for (const path of ['/keeper/Patient/1', '/keeper/DocumentReference/local-none-en'])
      expect((await ana.open(url + path)).status).toBe(404);
  });

  const create = (visitor: Visitor, fields: Record<string, string>): Promise<Shown> =>
    visitor.open(`${url}/keeper/new`, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
    });

  test('write a new handout, in two languages: a draft that answers its codes once another person has approved it', async () => {
    const [ana, ben] = [await signIn('ana'), await signIn('ben')];
    expect((await ana.open(`${url}/keeper`)).text).toContain('href="/keeper/new"');
    const text = 'Drink <b before sport & after.\r\n\r\n- Water\r\n- Tea';
    const fields = { title: 'Árbol: hiccups', text, codes: 'ICD-10-CM R06.6\r\n\r\nSNOMED CT 65958008', owner: 'Ana' };
    const made = await create(ana, { ...fields, language: 'en', nextReview: '2099-01-01', changeNote: 'first' });
    expect([made.status, made.url]).toEqual([200, `${url}/keeper/DocumentReference/local-arbol-hiccups-en`]);
    expect(made.text).toContain('&lt;li>Water');
    const answered = async () => (await ask(url, '/code/icd-10-cm/R06.6')).text;
    expect(await answered()).not.toContain('Árbol');
    expect((await create(ana, { ...fields, language: 'en' })).status).toBe(409);
    expect((await create(ana, { ...fields, language: 'es', name: 'arbol-hiccups' })).url).toMatch(
      /local-arbol-hiccups-es$/,
    );
    const shown = await look(ben, 'local-arbol-hiccups-en');
    expect((await send(ana, 'local-arbol-hiccups-en', { version: readVersion(shown), step: 'approve' })).status).toBe(
      409,
    );
    await send(ben, 'local-arbol-hiccups-en', { version: readVersion(shown), step: 'approve' });
    expect(await answered()).toContain('Árbol: hiccups');
    const article = (await ask(url, '/article/local-arbol-hiccups')).text;
    expect(article).toContain('&lt;b before sport &amp; after.');
    expect(article).toMatch(/<ul>\s*<li>Water<\/li>\s*<li>Tea<\/li>\s*<\/ul>/);
  });

  test.each<[Record<string, string>, number, string]>([
    [{ title: '' }, 400, 'Type a title'],
    [{ text: '' }, 400, 'Type the text'],
    [{ name: 'No blanks' }, 400, 'small letters'],
    [{ title: '¿¡' }, 400, 'small letters'],
    [{ nextReview: 'soon' }, 400, 'must be a day'],
    [{ codes: 'R06.6' }, 400, 'no code with its code system: R06.6'],
    [{ codes: 'ICD-10-CM nothing' }, 400, 'ICD-10-CM nothing'],
    [{ codes: 'ICD-10-CM R06.6\n'.repeat(60) }, 400, 'At most'],
    [{ text: '<p>A picture</p><img src="https://a.example/x.png">' }, 422, 'without a picture'],
    [{ title: 'x'.repeat(301) }, 422, 'too long'],
    [{ url: 'javascript:alert(1)', text: '' }, 422, 'must be an http or https address'],
  ])('are told what is wrong with a new handout, and keep what they typed: %#', async (wrong, status, words) => {
    const ana = await signIn('ana');
    const usual = { title: 'Typed title', text: 'Typed text', owner: 'Typed Owner', name: 'typed' };
    const shown = await create(ana, { ...usual, ...(wrong['title'] === '¿¡' ? { name: '' } : {}), ...wrong });
    expect(shown.status).toBe(status);
    expect(shown.text).toContain(words);
    expect(shown.text).toContain('value="Typed Owner"');
    expect((await look(ana, 'local-typed-en')).status).toBe(404);
  });

  test('alone see the pages', async () => {
    const nurse = await signIn('nora', 'nurses');
    for (const path of [
      '/keeper',
      '/keeper/new',
      '/keeper.json',
      '/keeper.atom',
      '/keeper/DocumentReference/local-salt-en',
    ])
      expect([path, (await nurse.open(url + path)).status]).toEqual([path, 403]);
    expect((await nurse.open(`${url}/account`)).text).not.toContain('/keeper');
  });
});

test('A program with the right reads the list and the feed; without sign-in there are no pages', async () => {
  const id = 'local-late-en';
  await write(id, 'Late plan');
  const ana = await signIn('ana');
  const version = readVersion(await look(ana, id));
  await send(ana, id, {
    version,
    step: 'save',
    title: 'Late plan',
    html: HTML,
    nextReview: '2021-01-01',
    owner: 'Owner',
  });
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const json = await ask(url, '/keeper.json?list=overdue', { headers });
  expect(JSON.parse(json.text)).toMatchObject({
    items: [{ id, state: 'approved', review: 'overdue', owner: 'Owner' }],
  });
  const feed = await ask(url, '/keeper.atom', { headers });
  expect(feed.text).toContain('Review overdue: Late plan');
  expect(feed.text.match(/<entry>/g)).toHaveLength(1);
  expect((await ask(url, '/metrics')).text).toContain('handouts_review{standing="overdue"} 1');
  // A program that has not signed in is told so; a browser is led to the sign-in.
  for (const path of ['/keeper.json', '/keeper.atom']) {
    const statusOf = async (sent: Record<string, string>) => (await ask(url, path, { headers: sent })).status;
    expect(await statusOf({ Accept: 'application/atom+xml, */*' })).toBe(401);
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ Authorization: 'Bearer not-a-token-of-ours' })).toBe(401);
    expect(await statusOf({ Accept: 'text/html,application/xhtml+xml' })).toBe(303);
  }
  const plain = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  expect((await ask(plain.url, '/keeper', { headers })).status).toBe(404);
  expect((await ask(plain.url, '/keeper/DocumentReference/local-late-en', { headers })).status).toBe(404);
  expect([
    (await ask(plain.url, '/keeper.json')).status,
    (await ask(plain.url, '/keeper.json', { headers })).status,
  ]).toEqual([401, 200]);
  await plain.stop();
});

test('Under the policy `second reader` the button to approve is shown to that person; others see who must', async () => {
  const policy = join(folder.path, 'policy.csv');
  writeFileSync(policy, 'rule,what,for,value,note\napproval,,,second reader,\n');
  const env = { SIGN_IN_FILE: join(folder.path, 'sign-in.json'), SITE_POLICY: policy };
  const strict = await startConnector({ env, clock: () => new Date() });
  const lax = url;
  ({ url } = strict);
  await provider.register(url);
  const [ana, ben, eve] = [await signIn('ana'), await signIn('ben'), await signIn('eve')];
  const fields = { title: 'Rest plan', text: 'Rest.', codes: 'ICD-10-CM R06.6', language: 'en', secondReader: 'Ben' };
  const body = new URLSearchParams(fields).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' };
  await ana.open(`${url}/keeper/new`, { method: 'POST', body, headers });
  const shown = async (visitor: Visitor) => {
    const { text } = await look(visitor, 'local-rest-plan-en');
    return [text.includes('value="approve"'), text.includes('its second reader, Ben, approves it')];
  };
  expect([await shown(ana), await shown(ben), await shown(eve)]).toEqual([
    [false, false],
    [true, false],
    [false, true],
  ]);
  url = lax;
  await provider.register(url);
  await strict.stop();
});

describeInBrowser('A curator’s day in a browser', () => {
  test.each([
    ['desktop', 1280, 900],
    ['phone', 375, 740],
  ])('%s', async (name, width, height) => {
    const id = `local-day-${name}-en`;
    await write(id, `Breathing plan (${name})`);
    const browser = await launchBrowser();
    const open = async (person: string) => {
      provider.behaviour.account = `subject-of-${person}`;
      provider.behaviour.claims = { preferred_username: person, groups: ['education'] };
      const page = await (await browser.newContext({ viewport: { width, height } })).newPage();
      await page.goto(`${url}/account`);
      await page.waitForURL(`${url}/account`);
      await page.goto(`${url}/keeper?list=all`);
      return page;
    };
    const ana = await open('ana');
    expect(await violationsOf(ana)).toEqual([]);
    await takePicture(ana, `keeper-list-${name}`);
    await ana.getByRole('link', { name: 'New handout' }).click();
    await ana.getByLabel('Title', { exact: true }).fill('x');
    await ana.getByRole('button', { name: 'Save the draft' }).click();
    await ana.getByText('Type the text, or the address').waitFor();
    expect(await violationsOf(ana)).toEqual([]);
    await takePicture(ana, `keeper-new-${name}`);
    await ana.goto(`${url}/keeper?list=all`);
    await ana.getByRole('link', { name: `Breathing plan (${name})` }).click();
    await ana.getByLabel('Title').fill(`Breathing plan, second (${name})`);
    await ana.getByLabel('Owner').fill('Ana Ruiz');
    await ana.getByLabel('Next review').fill('2030-01-31');
    await ana.getByLabel('Note on this change').fill('Clearer title');
    await ana.getByRole('button', { name: 'Save' }).click();
    await ana.getByText('Clearer title').waitFor();
    await ana.getByRole('button', { name: 'Submit for review' }).click();
    await ana.getByText('another person approves it').first().waitFor();
    expect(await violationsOf(ana)).toEqual([]);
    expect(await ana.locator('.summary').last().textContent()).toBe('Drink two glasses of water.');
    await takePicture(ana, `keeper-case-${name}`);
    const overflow = await ana.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBe(0);
    const ben = await open('ben');
    await ben.getByRole('link', { name: `Breathing plan, second (${name})` }).click();
    await ben.getByRole('button', { name: 'Approve' }).click();
    await ben
      .getByText(/approved on .* by ben/)
      .first()
      .waitFor();
    expect(await violationsOf(ben)).toEqual([]);
    await browser.close();
    expect(await readServed(id)).toContain(`Breathing plan, second (${name})`);
  });
});
