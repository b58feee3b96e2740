import { deflateSync } from 'node:zlib';

/** A part of a PDF: its dictionary or value, and a stream if it has one. */
export interface PdfPart {
  readonly head: string;
  readonly stream?: Buffer;
}

/** Writes numbered parts as a PDF file; the first one is the catalog. */
export function writePdf(parts: readonly (string | PdfPart)[], trailer = ''): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', 'latin1')];
  const places: number[] = [];
  let size = pieces[0]?.length ?? 0;
  const add = (piece: Buffer): void => {
    pieces.push(piece);
    size += piece.length;
  };
  for (const [at, part] of parts.entries()) {
    const { head, stream } = typeof part === 'string' ? { head: part, stream: undefined } : part;
    places.push(size);
    add(Buffer.from(`${at + 1} 0 obj\n${head}\n`, 'latin1'));
    if (stream) add(Buffer.concat([Buffer.from('stream\n'), stream, Buffer.from('\nendstream\n')]));
    add(Buffer.from('endobj\n'));
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const count = parts.length + 1;
  const end = `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R ${trailer}>>\n`;
  const from = size;
  add(Buffer.from(`${end}startxref\n${from}\n%%EOF\n`, 'latin1'));
  return Buffer.concat(pieces);
}

const stream = (bytes: Buffer, filters: string): PdfPart => ({
  head: `<< /Length ${bytes.length} ${filters}>>`,
  stream: bytes,
});

/** Lines of text, one under the other, as a content stream. */
export const toContent = (lines: readonly string[]): string =>
  `BT /F1 12 Tf 72 720 Td 14 TL ${lines.map((line) => `(${line}) Tj T*`).join(' ')} ET`;

interface PageSetting {
  /** Entries of the catalog, the information and the page. */
  readonly catalog?: string;
  readonly info?: string;
  readonly page?: string;
  readonly further?: readonly (string | PdfPart)[];
}

/** A PDF of one page: parts 1 to 6 are catalog, pages, page, contents, font and information, others follow. */
export function writePage(
  content: string | PdfPart,
  { catalog = '', info = '', page = '', further = [] }: PageSetting = {},
): Buffer {
  return writePdf(
    [
      `<< /Type /Catalog /Pages 2 0 R ${catalog}>>`,
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X1 7 0 R >> >> ${page}>>`,
      typeof content === 'string' ? stream(Buffer.from(content, 'latin1'), '') : content,
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
      `<< ${info}>>`,
      ...further,
    ],
    '/Info 6 0 R ',
  );
}

/** Contents of a hundred million blanks, deflated twice to some hundred bytes. */
export function writeBomb(bytes: number): Buffer {
  const once = deflateSync(Buffer.alloc(bytes, ' '), { level: 9 });
  return writePage(stream(deflateSync(once, { level: 9 }), '/Filter [/FlateDecode /FlateDecode] '));
}

/** A PDF of so many pages, of the same contents. */
export function writePages(count: number, content: string): Buffer {
  const kids = Array.from({ length: count }, (_one, at) => `${at + 5} 0 R`).join(' ');
  const page =
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>';
  return writePdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`,
    stream(Buffer.from(content, 'latin1'), ''),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...Array.from({ length: count }, () => page),
  ]);
}
