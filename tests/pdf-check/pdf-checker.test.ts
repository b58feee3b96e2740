import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import PDFDocument from 'pdfkit';
import { findPdfFaults, type CheckedPdf, type PdfReading } from '../../src/core/keeping/pdf-facts.js';
import { LIMITS } from '../../src/limits.js';
import { PdfChecker } from '../../src/pdf-check/pdf-checker.js';
import { copiedText, describeWithPoppler, infoOf } from '../support/poppler.js';
import { toContent, writeBomb, writePage, writePages, writePdf } from './write-pdf.js';

const folder = mkdtempSync(join(tmpdir(), 'pdf-check-'));
const checker = new PdfChecker();
afterAll(() => {
  checker.close();
  rmSync(folder, { recursive: true });
});

/** Waits until something holds; the test's own time ends what never does. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(20);
}

let count = 0;
function place(pdf: Buffer): string {
  count += 1;
  const path = join(folder, `${count}.pdf`);
  writeFileSync(path, pdf);
  return path;
}
const check = (pdf: Buffer): Promise<PdfReading> => checker.check(place(pdf));

const LINES = Array.from(
  { length: 12 },
  (_one, day) => `The nurse calls you on day ${day}. Take your pills with food.`,
);
const TEXT = toContent(LINES);

/** A PDF as pdfkit writes it. */
function print(options: PDFKit.PDFDocumentOptions, fill: (pdf: PDFKit.PDFDocument) => void): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'LETTER', ...options });
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => {
      resolve(Buffer.concat(parts));
    });
    fill(pdf);
    pdf.end();
  });
}

const printTagged = (lang: string): Promise<Buffer> =>
  print({ tagged: true, lang, displayTitle: true, info: { Title: 'After your visit' } }, (pdf) => {
    const root = pdf.struct('Document');
    pdf.addStructure(root);
    for (const line of LINES)
      root.add(
        pdf.struct('P', {}, () => {
          pdf.text(line);
        }),
      );
    root.end();
  });

const printPlain = (options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> =>
  print(options, (pdf) => {
    for (const line of LINES) pdf.text(line);
  });

describe('a PDF as a screen reader meets it', () => {
  test('tagged, with language, title and text: nothing is wrong', async () => {
    const reading = await check(await printTagged('en-US'));
    expect(reading).toMatchObject({ pages: 1, pagesRead: 1, language: 'en-US', title: 'After your visit', words: 132 });
    expect(findPdfFaults(reading, 'en')).toEqual([]);
    expect(findPdfFaults(reading, 'es')).toEqual(['other-language']);
  });

  test('written without tags', async () => {
    expect(findPdfFaults(await check(writePage(TEXT)), 'en')).toEqual(['untagged', 'no-language', 'no-title']);
  });

  test('marked as tagged, but without tags', async () => {
    const catalog = '/MarkInfo << /Marked true >> /Lang (en) ';
    expect(findPdfFaults(await check(writePage(TEXT, { catalog })), 'en')).toEqual(['untagged', 'no-title']);
  });

  test.each([
    ['Microsoft Word - leaflet.doc', 'file-name-title'],
    ['discharge_v3_FINAL.docx', 'file-name-title'],
    ['Your asthma plan', 'title-not-shown'],
  ])('the title %s is %s', async (title, finding) => {
    expect(findPdfFaults(await check(writePage(TEXT, { info: `/Title (${title}) ` })), 'en')).toContain(finding);
  });

  test('a picture of a page has no text', async () => {
    const found = findPdfFaults(await check(writePage(' ')), 'en');
    expect(found).toContain('no-text');
    expect(found).not.toContain('unmapped-letters');
  });

  test('letters that no font explains', async () => {
    const unicode = 'begincmap\n1 beginbfrange\n<20> <7E> <E020>\nendbfrange\nendcmap';
    const font = `<< /Length ${unicode.length} >>`;
    const pdf = writePage(TEXT, { further: [{ head: font, stream: Buffer.from(unicode) }] });
    const mapped = Buffer.from(
      pdf.toString('latin1').replace('/Encoding /WinAnsiEncoding', '/ToUnicode 7 0 R          '),
      'latin1',
    );
    expect(findPdfFaults(await check(mapped), 'en')).toContain('unmapped-letters');
  });

  test('a long hard text has its grade', async () => {
    const hard = 'Postoperative anticoagulation necessitates individualized pharmacological considerations,';
    const reading = await check(writePage(toContent(Array.from({ length: 12 }, () => hard))));
    expect(findPdfFaults(reading, 'en')).toContain('hard-to-read');
  });

  test('JavaScript is reported, and never run', async () => {
    const catalog = '/OpenAction << /S /JavaScript /JS (while\\(true\\){}) >> ';
    expect(findPdfFaults(await check(writePage(TEXT, { catalog })), 'en')).toContain('script');
  });

  test('a password, and a lock against programs that read aloud', async () => {
    expect(await check(await printPlain({ userPassword: 'secret', pdfVersion: '1.7' }))).toBe('encrypted');
    const locked = await printPlain({
      ownerPassword: 'secret',
      permissions: { contentAccessibility: false },
      pdfVersion: '1.7',
    });
    expect(findPdfFaults(await check(locked), 'en')).toContain('locked');
  });
});

describeWithPoppler('as poppler reads it', () => {
  test.each([
    ['tagged', () => printTagged('es')],
    ['untagged', () => printPlain({ info: { Title: 'Plain' } })],
    ['of 30 pages', () => Promise.resolve(writePages(30, TEXT))],
    [
      'with JavaScript',
      () => Promise.resolve(writePage(TEXT, { catalog: '/OpenAction << /S /JavaScript /JS (1) >> ' })),
    ],
  ])('%s', async (_name, make) => {
    const pdf = await make();
    const facts = (await check(pdf)) as CheckedPdf;
    const info = infoOf(pdf);
    const read = (field: string): string | undefined => new RegExp(`^${field}: +(.*)$`, 'm').exec(info)?.[1];
    expect({ pages: facts.pages, tagged: facts.isTagged, title: facts.title, script: facts.hasScript }).toEqual({
      pages: Number(read('Pages')),
      tagged: read('Tagged') === 'yes',
      title: read('Title'),
      script: read('JavaScript') === 'yes',
    });
    expect(facts.words).toBe(copiedText(pdf).match(/\p{L}+/gu)?.length);
  });
});

describe('a file that means harm', () => {
  const recursive = '/XObject << /X1 7 0 R >>';
  const form = `<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << ${recursive} >> /Length 13 >>`;
  test.each<[string, PdfReading, () => Buffer]>([
    ['is cut off', 'damaged', () => writePage(TEXT).subarray(0, 400)],
    ['is no PDF', 'damaged', () => Buffer.from('<html>')],
    ['is empty', 'damaged', () => Buffer.alloc(0)],
    ['is nested without end', 'damaged', () => writePage(TEXT, { catalog: `/X ${'['.repeat(300_000)}` })],
    [
      'has pages that contain themselves',
      'damaged',
      () => writePdf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>']),
    ],
    ['unfolds to half a gigabyte', 'too-costly', () => writeBomb(500_000_000)],
    ['is too large', 'too-large', () => Buffer.alloc(LIMITS.maxPdfBytes + 1)],
  ])('%s: %s', async (_name, expected, make) => {
    expect(await check(make())).toBe(expected);
  });

  test('paints itself', async () => {
    const pdf = writePage('/X1 Do', { further: [{ head: form, stream: Buffer.from('/X1 Do /X1 Do') }] });
    expect(await check(pdf)).toMatchObject({ pages: 1, pagesWithoutText: 1 });
  });

  test('has ten thousand pages: the first ones are read', async () => {
    const reading = await check(writePages(10_000, TEXT));
    expect(reading).toMatchObject({ pages: 10_000, pagesRead: LIMITS.maxPdfPages });
  });

  test('takes too long: the next file is read all the same, and nothing is left of the process', async () => {
    const hasty = new PdfChecker({ ...LIMITS, pdfCheckMs: 1 });
    const path = place(writePages(2000, TEXT));
    expect(await hasty.check(path)).toBe('too-costly');
    expect(await checker.check(path)).toMatchObject({ pages: 2000 });
    await until(() => !process.getActiveResourcesInfo().includes('ProcessWrap'));
  });

  test('is waited for as long as a page may wait, and its result is cached', async () => {
    const path = place(writePages(500, TEXT));
    expect(await checker.checkWithin(path, 1)).toBeUndefined();
    const reading = await checker.check(path);
    expect(await checker.check(path)).toBe(reading);
    expect(await checker.check(join(folder, 'none.pdf'))).toBe('missing');
  });

  test('a checker that is closed ends its process and starts no other', async () => {
    const closed = new PdfChecker();
    const paths = [place(writePages(3000, TEXT)), place(writePages(3001, TEXT))];
    const readings = Promise.all(paths.map((path) => closed.check(path)));
    await until(() => process.getActiveResourcesInfo().includes('ProcessWrap'));
    closed.close();
    expect(await readings).toEqual(['too-costly', 'too-costly']);
    await until(() => !process.getActiveResourcesInfo().includes('ProcessWrap'));
  });
});
