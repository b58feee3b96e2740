import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Handout } from '../../src/handout/handout.js';
import { HandoutPrinter } from '../../src/handout/handout-printer.js';
import { LIMITS } from '../../src/limits.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { importSummary } from '../support/import-summary.js';
import { countContents, untaggedPaints } from '../support/pdf-content.js';
import { copiedText, describeWithPoppler, fontsOf, infoOf, pagesText, structureOf } from '../support/poppler.js';
import { textOf } from './read-html.js';

/** Texts of an article that the test does not look at. */
const ARTICLE = { title: 'T', address: 'https://a.example/', readAt: 'R', scan: 'S', source: 'A', dated: '' };

/** A string of a PDF that is written in UTF-16 (ISO 32000-1 section 7.9.2.2). */
const readText = (escaped: string): string => {
  const bytes = Buffer.from(
    escaped.replace(/\\([nrtbf()\\])/g, (_, one: string) => ESCAPES[one] ?? one),
    'latin1',
  );
  return bytes.subarray(2).swap16().toString('utf16le');
};
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** A white pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==',
  'base64',
);
const ARTICLES = 'article=topic-acne&article=ency-001282&article=drug-a692051';

const folder = temporaryFolder();
let connector: TestConnector;

beforeAll(async () => {
  const site = join(folder.path, 'site');
  mkdirSync(join(site, 'handouts'), { recursive: true });
  writeFileSync(
    join(site, 'handouts', 'icd10_N53.14_en.html'),
    '<title>Our page</title><h1>At home</h1><ul><li>Rest</li><li>Drink <b>water</b></li></ul>' +
      '<table><tr><th colspan="2">Visits</th></tr><tr><th rowspan="2">Ward</th><td>Monday</td></tr><tr><td>Tuesday</td></tr></table>' +
      `<table><tr>${'<td>Wednesdayandthursday</td>'.repeat(6)}</tr></table>`,
  );
  writeFileSync(join(site, 'handouts', 'icd10_L70.0_en.pdf'), '%PDF-1.7');
  const [logo, notice] = [join(folder.path, 'logo.png'), join(folder.path, 'notice.txt')];
  writeFileSync(logo, PNG);
  writeFileSync(notice, readFileSync('tests/web/language-notice.txt'));
  const env = { SITE_NAME: 'Clínica <Ñandú>', SITE_LOGO: logo, LANGUAGE_NOTICE: notice, LOCAL_LIBRARY: site };
  connector = await startConnector({ env });
  await importSummary(connector, folder.path);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly pdf: Buffer;
}

async function ask(form: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${connector.url}/handout.pdf${init.method === 'POST' ? '' : `?${form}`}`, {
    ...init,
    ...(init.method === 'POST' ? { body: new URLSearchParams(form) } : {}),
  });
  return { status: answer.status, headers: answer.headers, pdf: Buffer.from(await answer.arrayBuffer()) };
}
const post = (form: string): Promise<Answer> => ask(form, { method: 'POST' });

test('is a tagged PDF/UA of the patient’s language that nobody stores, and paints nothing outside of its structure', async () => {
  for (const language of ['en', 'es']) {
    const { status, headers, pdf } = await ask(`${ARTICLES}&language=${language}`);
    expect([
      status,
      headers.get('content-type'),
      headers.get('cache-control'),
      headers.get('content-language'),
    ]).toEqual([200, 'application/pdf', 'no-store', language]);
    expect(headers.get('content-disposition')).toBe(`inline; filename="handout-${language}.pdf"`);
    const text = pdf.toString('latin1');
    expect(text).toMatch(/^%PDF-1\.7/);
    for (const part of [
      '<pdfuaid:part>1</pdfuaid:part>',
      `/Lang (${language})`,
      '/Marked true',
      '/DisplayDocTitle true',
    ]) {
      expect(text).toContain(part);
    }
    expect(countContents(pdf)).toBeGreaterThan(0);
    expect(untaggedPaints(pdf)).toEqual([]);
  }
});

test.each([
  ['no article', '', 400, 'article is missing'],
  ['letters that its fonts lack', 'article=topic-acne&note=ማ', 422, 'ማ'],
  ['a note that is too long', `article=topic-acne&note=${'x'.repeat(1001)}`, 400, 'at most 1000'],
])('%s: an error as a page', async (_name, form, status, words) => {
  const { status: found, pdf } = await post(form);
  expect([found, textOf(pdf.toString()).includes(words)]).toEqual([status, true]);
});

test('the page tells a clinician what the paper lacks', async () => {
  const answer = await fetch(`${connector.url}/handout?article=local-icd-10-cm-n53.14&article=local-icd-10-cm-l70.0`);
  const page = textOf(await answer.text()).replace(/\s+/g, ' ');
  expect(page).toContain('Drink water');
  expect(page).toContain('has its own layout and is printed here by its address');
  expect(page).toMatch(/The PDF leaves out these lines of your language-assistance notice.{0,99} ማሳሰቢያ/);
});

describeWithPoppler('the PDF as assistive technology reads it', () => {
  test('in English: title, note, text in full, addresses, teach-back, help, sources, in this order', async () => {
    const note = `Call us\non Monday ${'x'.repeat(960)} end`;
    const { pdf } = await post(`${ARTICLES}&note=${encodeURIComponent(note)}`);
    const structure = structureOf(pdf).replace(/\s+/g, ' ');
    const parts = [
      '"Clínica <Ñandú> "',
      'H1 (block) "Health information for you "',
      '"In an emergency, call 911. "',
      '"Poison control: call 1-800-222-1222, day or night. "',
      '"Note from your care team "',
      '"Call us "',
      '"In this handout "',
      'H2 (block) "Acne "',
      'H3 (block) "What is acne? "',
      '"Acne is a common skin condition. "',
      'Link (inline) "medlineplus.gov/acne.html "',
      'Text of November 21, 2026',
      'H2 (block) "Retrograde ejaculation "',
      'follow your label and ask. "',
      '"In your own words "',
      '"What I learned: "',
      '"Language help "',
      'H2 (block) "Sources "',
    ];
    const places = parts.map((part) => structure.indexOf(part));
    expect(parts.filter((_, at) => (places[at] ?? -1) < 0)).toEqual([]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    // Its letters break over lines, and none is lost.
    expect(copiedText(pdf).match(/x/g)?.length).toBeGreaterThanOrEqual(960);
    expect(copiedText(pdf)).toMatch(/x end/);
    expect(structure).not.toContain('988');
    const alternatives = [...pdf.toString('latin1').matchAll(/\/Alt \(([^)]*)\)/g)].map(([, text]) => text);
    expect(alternatives).toContain('QR code with the address of Acne');
    expect(alternatives).toHaveLength(structure.match(/Figure:/g)?.length ?? 0);
  });

  test('in Spanish: every letter, every text, the other language marked', async () => {
    const { pdf } = await ask(`${ARTICLES}&article=genetics-achondroplasia&article=topic-suicide&language=es`);
    const text = copiedText(pdf);
    for (const part of [
      'Información de salud para usted',
      'Acné',
      'Información general. Si no coincide con su etiqueta, siga la etiqueta y pregunte.',
      'Disponible solo en inglés.',
      'Preguntas para mi equipo de atención médica:',
      'En caso de emergencia, llame al 911.',
      'llame al 988 y oprima el 2',
      'Control de envenenamientos: llame al 1-800-222-1222',
      'Página 1 de ',
    ]) {
      expect(text).toContain(part);
    }
    expect(structureOf(pdf)).toMatch(/H2 \(block\)[^"]*"Achondroplasia "/);
    expect(infoOf(pdf)).toMatch(/Title: +Información de salud para usted\n[^]*Tagged: +yes[^]*Suspects: +no/);
  });

  test('the notice is in its letters, each line in its language, and is read as it is written', async () => {
    const { pdf } = await ask('article=topic-acne');
    const text = copiedText(pdf);
    for (const part of [
      '我们将免费为您提供语言协助服务',
      '我們可以為您提供免費語言協助服務',
      '한국어를 사용하시는 경우',
      '無料の言語支援サービス',
      'tiếng Việt, chúng tôi cung cấp',
      'на русском языке',
      'Kreyòl Ayisyen',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('ማሳሰቢያ');
    const actual = [...pdf.toString('latin1').matchAll(/\/ActualText \(((?:\\[^]|[^\\)])*)\)/g)].map(([, value = '']) =>
      readText(value),
    );
    for (const part of ['تنبيه: إذا كنت تتحدث اللغة العربية', 'صحبت می‌کنید', 'ध्यान दें: यदि आप हिंदी बोलते हैं'])
      expect(actual.some((value) => value.startsWith(part) || value.includes(part))).toBe(true);
    const languages = [...pdf.toString('latin1').matchAll(/\/Lang \(([^)]*)\)/g)].map(([, language]) => language);
    const further = ['es', 'zh-Hans', 'zh-Hant', 'vi', 'ko', 'fil', 'ru', 'ar', 'fa', 'hi', 'fr', 'ht', 'ja'];
    expect(new Set(languages)).toEqual(new Set(['en', ...further]));
  });

  test('three articles have contents with pages and links, and bookmarks', async () => {
    const { pdf } = await ask(`${ARTICLES}&set=true`);
    const contents = structureOf(pdf).split('TOC\n')[1] ?? '';
    expect(contents).toMatch(/"Acne "[^"]*"1"[^]*"Retrograde ejaculation "[^"]*"1"[^]*"Lisinopril "[^"]*"1"/);
    const raw = pdf.toString('latin1');
    expect(raw.match(/\/S \/GoTo/g)).toHaveLength(3);
    expect(raw).toMatch(/\/Outlines \d+ 0 R/);
    expect(raw).toMatch(/\/Title \(Retrograde ejaculation\)/);
    const two = await ask('article=topic-acne&article=ency-001282');
    expect(structureOf(two.pdf)).not.toContain('TOC');
  });

  test('a short handout is one sheet, with the numbers for emergencies on the first of many', async () => {
    const plain = await startConnector();
    const answer = await fetch(`${plain.url}/handout.pdf?article=ency-001282`);
    await plain.stop();
    expect(infoOf(Buffer.from(await answer.arrayBuffer()))).toMatch(/Pages: +1\n/);
    expect(pagesText((await ask(`${ARTICLES}&large=true`)).pdf)[0]).toContain('In an emergency, call 911.');
  });

  test('room for a label on the first sheet, or on each', async () => {
    const count = (pdf: Buffer): number => copiedText(pdf).match(/Name label/g)?.length ?? 0;
    const [first, each] = [await ask(`${ARTICLES}&set=true&label=true`), await ask(`${ARTICLES}&set=true&labels=true`)];
    expect([count(first.pdf), count(each.pdf)]).toEqual([1, pagesText(each.pdf).length]);
    expect(untaggedPaints(each.pdf)).toEqual([]);
  });

  test('a bilingual handout has each article in both languages, and its other words too', async () => {
    const { pdf, headers } = await ask(`${ARTICLES}&language=es,en&set=true&teachBack=true`);
    expect(headers.get('content-language')).toBe('es');
    const text = copiedText(pdf);
    const parts = ['Información de salud para usted', 'Health information for you', 'llame al 911', 'call 911'];
    const articles = [
      'Lea el artículo en',
      'Eyaculación retrógrada',
      'Retrograde ejaculation',
      'Lo que aprendí: · What I learned:',
    ];
    const places = [...parts, ...articles].map((part) => text.indexOf(part));
    expect(places.filter((place) => place < 0)).toEqual([]);
    expect(structureOf(pdf)).toMatch(/"Acné "[^]*"Acne "[^]*"Eyaculación retrógrada "[^]*"Retrograde ejaculation "/);
    expect(untaggedPaints(pdf)).toEqual([]);
  });

  test('every font is embedded, and its letters can be copied', async () => {
    const fonts = fontsOf((await post('article=topic-acne&note=α')).pdf);
    expect(fonts.length).toBeGreaterThan(2);
    expect(fonts.filter(({ isEmbedded, isMapped }) => !isEmbedded || !isMapped)).toEqual([]);
  });

  test('a house handout is printed in full, with its list', async () => {
    const structure = structureOf((await ask('article=local-icd-10-cm-n53.14')).pdf);
    expect(structure).toMatch(/H3 \(block\)\s+"At home "/);
    expect(structure).toMatch(
      /L \(block\)[^]*LI \(block\)[^]*Lbl \(block\)\s+"• "[^]*LBody \(block\)[^]*"Drink water "/,
    );
  });

  test('tables are tables: heads with their scope, cells as far as they reach; one without room for its columns is text', async () => {
    const house = (await ask('article=local-icd-10-cm-n53.14')).pdf;
    const structure = structureOf(house).replace(/\s+/g, ' ');
    const [visits, ward] = [
      'TH: /Scope /Column /ColSpan 2 P (block) "Visits "',
      'TH: /Scope /Row /RowSpan 2 P (block) "Ward "',
    ];
    const rows = `Table (block) TR ${visits} TR ${ward} TD P (block) "Monday " TR TD P (block) "Tuesday "`;
    expect(structure).toContain(rows);
    expect(structure.match(/Table/g)).toHaveLength(1);
    expect(structure.match(/Wednesdayandthursday/g)).toHaveLength(6);
    const topic = (await ask('article=topic-flu')).pdf;
    expect(structureOf(topic).replace(/\s+/g, ' ')).toContain('TR TD P (block) "Fever " TD P (block) "Rarely " TD');
    expect([house, topic].flatMap(untaggedPaints)).toEqual([]);
  });

  test('large print takes more pages; what is not wanted is not there', async () => {
    const pagesOf = (pdf: Buffer): number => Number(/Pages: +(\d+)/.exec(infoOf(pdf))?.[1]);
    const [usual, large] = [await ask(`${ARTICLES}&set=true`), await ask(`${ARTICLES}&set=true&large=true`)];
    expect(pagesOf(large.pdf)).toBeGreaterThan(pagesOf(usual.pdf));
    expect(copiedText((await ask(ARTICLES)).pdf)).toMatch(/Name label[^]*What I learned/);
    expect(copiedText(large.pdf)).not.toMatch(/Name label|What I learned/);
  });
});

test('a sentence that opens a list is on the page of its list, and a heading on that of its text', async () => {
  const printer = new HandoutPrinter(undefined);
  const article = {
    ...ARTICLE,
    language: 'en',
    kind: 'K',
    otherLanguage: undefined,
    caution: undefined,
    links: [],
  } as const;
  const list = '<ul><li>one</li><li>two</li><li>three</li></ul>';
  for (let lines = 20; lines < 44; lines += 2) {
    const html = `<p>${'word<br>'.repeat(lines)}</p><h3>Heading</h3><p>Symptoms are:</p>${list}<p>End</p>`;
    const handout = { ...handoutOf(''), articles: [{ ...article, html }] };
    const pages = pagesText(await printer.print(handout, { now: new Date(0), inFlight: undefined }));
    for (const part of ['Heading', 'Symptoms are:', 'one'])
      expect([lines, part, pages.findIndex((text) => text.includes(part))]).toEqual([
        lines,
        part,
        pages.findIndex((text) => text.includes('two')),
      ]);
  }
});

/** A handout of a text of so many characters. */
const handoutOf = (text: string): Handout => ({
  words: [
    {
      language: 'en',
      heading: 'H',
      printed: 'P',
      help: { head: 'H', lines: [] },
      noteHead: 'N',
      contentsHead: 'C',
      scanHint: 'S',
      teachBack: undefined,
      noticeHead: 'L',
      sources: { head: 'S', lines: [] },
      page: '{page}/{pages}',
    },
  ],
  siteName: undefined,
  note: text,
  followUp: undefined,
  label: undefined,
  articles: [],
  notice: [],
  whole: undefined,
  isLarge: false,
});

const pagesIn = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

/** CPU time of the thread that answers, in microseconds; 0 where the system does not report it by thread. */
function ownCpuTime(): number {
  const path = `/proc/self/task/${process.pid}/stat`;
  if (!existsSync(path)) return 0;
  // Behind the name in brackets: state, ten numbers, then user and system time in hundredths of a second.
  const [user = 0, system = 0] = (readFileSync(path, 'utf8').split(') ')[1] ?? '').split(' ').slice(11, 13).map(Number);
  return (user + system) * 10_000;
}

test('the longest handout is printed while other work goes on; the thread that printed it prints the next', async () => {
  const printer = new HandoutPrinter(undefined);
  const request = { now: new Date(0), inFlight: undefined };
  const text = 'word '.repeat(LIMITS.maxHandoutChars / 5 - 1);
  const [ownBefore, before] = [ownCpuTime(), process.cpuUsage()];
  expect(pagesIn(await printer.print(handoutOf(text), request))).toBeGreaterThan(70);
  const [own, { user, system }] = [ownCpuTime() - ownBefore, process.cpuUsage(before)];
  // This thread is free while another one works: however few turns a busy machine lets it have.
  expect(own).toBeLessThan((user + system) / 2);
  const [next, unprintable] = [printer.print(handoutOf('word'), request), printer.print(handoutOf('🙂'), request)];
  expect(pagesIn(await next)).toBe(1);
  await expect(unprintable).rejects.toMatchObject({ code: 'unprintable' });
});

test('one client that prints much leaves another its place, which is the next but one', async () => {
  const printer = new HandoutPrinter(undefined);
  const done: string[] = [];
  const print = async (client: string): Promise<void> => {
    const inFlight = { client, isAbandoned: () => false, isCrowded: () => false, hold: () => undefined };
    const request = {
      now: new Date(0),
      inFlight: { ...inFlight, letOthers: <T>(work: () => Promise<T>) => work() },
    };
    await printer.print(handoutOf('word'), request);
    done.push(client);
  };
  const hog = Array.from({ length: LIMITS.handoutQueue + 11 }, () => print('hog'));
  const other = print('other');
  const ends = await Promise.allSettled(hog);
  await other;
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(11);
  expect(done.indexOf('other')).toBeLessThanOrEqual(2);
});

test('a fault of the thread fails its handout alone: the next is printed by another', async () => {
  const printer = new HandoutPrinter(undefined);
  const request = { now: new Date(0), inFlight: undefined };
  const broken = printer.print({ ...handoutOf('word'), words: undefined as never }, request);
  const next = printer.print(handoutOf('word'), request);
  await expect(broken).rejects.toThrow(/words|undefined|iterable/);
  expect(pagesIn(await next)).toBe(1);
});
