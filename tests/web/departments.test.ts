import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, type Reply } from '../http/ask.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { pagesText } from '../support/poppler.js';
import { textOf } from './read-html.js';

const [HOUSE, HEART] = ['house', 'heart'].map(
  (name) => `<svg xmlns="http://www.w3.org/2000/svg"><title>${name}</title></svg>`,
);
const DEPARTMENTS = `departments:
  - id: heart
    name: Heart Center
    name.es: Centro del Corazón
    recognize: [1.2.840.77, Location/4B, "02139"]
    logo: heart.svg
    notice: heart.txt
    lists: [Stent, Gone]
  - id: south
    name: South Clinic
    language: es
    recognize: [South Side Family Medicine]
`;
const LISTS = 'name,name.es,article\nAsthma,Asma,topic-asthma\nStent,Endoprótesis,topic-acne\n';

const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  const place = (name: string): string => join(folder.path, name);
  mkdirSync(place('site'));
  const files = {
    'house.svg': HOUSE,
    'heart.svg': HEART,
    'heart.txt': 'Call the nurses of the heart center.',
    'notice.txt': 'Ask for an interpreter.',
    'departments.yaml': DEPARTMENTS,
    'site/lists.csv': LISTS,
  };
  for (const [name, text = ''] of Object.entries(files)) writeFileSync(place(name), text);
  connector = await startConnector({
    env: {
      SITE_NAME: 'Mercy',
      SITE_LOGO: place('house.svg'),
      LANGUAGE_NOTICE: place('notice.txt'),
      LOCAL_LIBRARY: place('site'),
      DEPARTMENTS_FILE: place('departments.yaml'),
    },
  });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  ask(connector.url, path, { headers });
const readText = async (path: string): Promise<string> => textOf((await get(path)).text).replace(/\s+/g, ' ');
const findLang = ({ text }: Reply): string => /<html lang="(\w+)"/.exec(text)?.[1] ?? '';

const ARTICLE = 'article=topic-asthma';
const HANDOUT = `/handout?${ARTICLE}&language=en`;

test('a handout has name, logo and notice of its department, on the page, in the file and in the PDF', async () => {
  const page = await get(`${HANDOUT}&department=heart`);
  expect(page.text).toContain('<p class="paper-site">Mercy · Heart Center</p>');
  expect(page.text).toContain('<img src="/site-logo?department=heart"');
  expect(textOf(page.text)).toContain('Call the nurses of the heart center.');
  expect(textOf(page.text)).not.toContain('Ask for an interpreter.');
  const file = await get(`/handout.html?${ARTICLE}&language=es&department=heart`);
  expect(file.text).toContain('<p class="paper-site">Mercy · Centro del Corazón</p>');
  expect(file.text).toContain(Buffer.from(HEART ?? '').toString('base64'));
  const pdf = await fetch(`${connector.url}/handout.pdf?${ARTICLE}&department=heart`);
  const printed = pagesText(Buffer.from(await pdf.arrayBuffer())).join(' ');
  expect(printed).toContain('Mercy · Heart Center');
  expect(printed).toContain('Call the nurses of the heart center.');
});

test.each([
  ['', 'no department'],
  ['&department=', 'an empty one'],
  ['&department=lungs', 'one that is not there'],
  ['&department=constructor', 'a member of every object'],
  [`&department=${'x'.repeat(2000)}`, 'a long one'],
])('the house has its own where the address names none: %#', async (query) => {
  const page = await get(HANDOUT + query);
  expect(page.status).toBe(200);
  expect(page.text).toContain('<p class="paper-site">Mercy</p>');
  expect(page.text).toContain('<img src="/site-logo"');
  expect(textOf(page.text)).toContain('Ask for an interpreter.');
  expect(page.text).not.toContain('name="department" value');
});

test('a logo is sent from our own address', async () => {
  expect((await get('/site-logo?department=heart')).text).toBe(HEART);
  expect((await get('/site-logo?department=south')).text).toBe(HOUSE);
  expect((await get('/site-logo')).text).toBe(HOUSE);
});

test('what a department does not state is the house’s own', async () => {
  const page = await get(`${HANDOUT}&department=south`);
  expect(page.text).toContain('<p class="paper-site">Mercy · South Clinic</p>');
  expect(page.text).toContain('<img src="/site-logo"');
  expect(textOf(page.text)).toContain('Ask for an interpreter.');
});

test('the first page offers the lists of the department, and the departments', async () => {
  expect(await readText('/')).toMatch(/Asthma \(1\).*Stent \(1\)/);
  const heart = await get('/?department=heart');
  expect(heart.text).toContain('data-articles="topic-acne"');
  expect(heart.text).not.toContain('data-articles="topic-asthma"');
  expect(heart.text).toContain('<option value="heart" selected>Heart Center</option>');
  expect((await get('/?department=heart&lang=es')).text).toContain('Endoprótesis (1)');
  expect(connector.logLines).toContainEqual(
    expect.objectContaining({ department: 'heart', list: 'Gone', msg: 'no such ward list' }),
  );
});

test.each(['/', '/find?q=asthma', '/packet', '/browse', '/article/topic-asthma', '/about', HANDOUT, '/find?q=zzzz'])(
  'links and forms of a page carry the department: %s',
  async (path) => {
    const { text } = await get(`${path}${path.includes('?') ? '&' : '?'}department=Heart+Center`);
    expect(text).toContain('Mercy · Heart Center');
    // Every link to a page of ours, by this path alone or with a query.
    const links = [...text.matchAll(/<a [^>]*href="(\/[^"#]*)"/g)].map(([, link = '']) => link);
    expect(links.length).toBeGreaterThan(2);
    expect(
      links.filter(
        (link) => !link.includes('department=heart') && !/^\/(?:handouts\/|assets\/|openapi\.json)/.test(link),
      ),
    ).toEqual([]);
    for (const [form] of text.matchAll(/<form [\s\S]*?<\/form>/g)) expect(form).toMatch(/name="department"/);
  },
);

test('a list that is posted, and a search that is sent on, keep the department', async () => {
  const post = (body: string): Promise<Reply> =>
    ask(connector.url, '/packet', {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: connector.url },
    });
  const sentOn = await post('q=asthma&department=heart');
  expect(sentOn.headers['location']).toBe('/find?department=heart&q=asthma');
  expect((await post('list=asthma%0Aacne&department=heart')).text).toContain('Mercy · Heart Center');
});

test('pages and handouts are in the department’s language where nobody says another', async () => {
  expect(findLang(await get('/?department=south'))).toBe('es');
  expect(findLang(await get('/?department=south', { 'Accept-Language': 'fr' }))).toBe('es');
  expect(findLang(await get('/?department=south', { 'Accept-Language': 'en' }))).toBe('en');
  expect(findLang(await get('/?department=south&lang=en'))).toBe('en');
  expect(findLang(await get('/'))).toBe('en');
  const handout = (query: string) => get(`/handout?${ARTICLE}&department=south${query}`, { 'Accept-Language': 'en' });
  expect((await handout('')).text).toMatch(/<option value="es"[^>]* selected/);
  expect((await handout('')).text).toContain('<article class="paper" lang="es"');
  expect((await handout('&language=en')).text).toContain('<article class="paper" lang="en"');
  expect((await get('/find?q=asthma&department=south', { 'Accept-Language': 'en' })).text).toMatch(
    /<option value="es"[^>]* selected/,
  );
});

const CODE = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.909';

test.each([
  'representedOrganization.id.root=1.2.840.77',
  'performer.representedOrganization.id.root=1.2.840.77',
  'holder.assignedEntity.representedOrganization.id.root=urn:oid:1.2.840.77',
  'assignedEntity.representedOrganization.n=heart+center',
  'REPRESENTEDORGANIZATION.N=Heart+Center',
  'serviceDeliveryLocation.id.root=Location/4B',
  'locationOfInterest.addr.ZIP=02139',
  'locationOfInterest.addr.postalCode=02139',
  'representedOrganization.id.root=9.9.9&locationOfInterest.addr.ZIP=02139',
])('an infobutton’s page is that of the department that it names: %s', async (name) => {
  const { status, text } = await get(`/application?${CODE}&${name}`);
  expect(status).toBe(200);
  expect(text).toContain('Mercy · Heart Center');
  expect(text).toContain('href="/packet?department=heart"');
  expect(text).toMatch(/hreflang="es"|lang="es"/);
});

test('an infobutton without a reader’s language is answered in that of the department, which its feed mirrors', async () => {
  const south = 'assignedEntity.representedOrganization.n=South+Side+Family+Medicine';
  const feed = await get(`/service?${CODE}&${south}`);
  expect(feed.headers['content-language']).toBe('es');
  expect((await get(`/infobutton?${CODE}&${south}`)).text).toContain(
    '<category scheme="assignedEntity.representedOrganization.n" term="South Side Family Medicine"/>',
  );
  const asked = await get(`/service?${CODE}&${south}&informationRecipient.languageCode.c=en`);
  expect(asked.headers['content-language']).toBe('en');
  const somali = await get(`/service?${CODE}&${south}&informationRecipient.languageCode.c=so`);
  expect(somali.headers['content-language']).toBe('en');
  const unknown = await get(`/service?${CODE}&assignedEntity.representedOrganization.n=Nowhere`);
  expect([unknown.status, unknown.headers['content-language']]).toEqual([200, 'en']);
});

test('a page of one department is not the cached page of another', async () => {
  const names = ['heart', 'south', 'heart', 'none'].map(async (id) => {
    const { text } = await get(`/about?department=${id}`);
    return /Mercy( · [^<]*)?</.exec(text)?.[1];
  });
  expect(await Promise.all(names)).toEqual([' · Heart Center', ' · South Clinic', ' · Heart Center', undefined]);
});
