import { inflateSync } from 'node:zlib';

/** Operators that paint: text, paths, pictures (ISO 32000-1, table 51). */
const PAINTS = new Set(['Tj', 'TJ', "'", '"', 'S', 's', 'f', 'F', 'f*', 'B', 'B*', 'b', 'b*', 'Do', 'sh', 'EI']);

/** The content streams of a PDF's pages, as operators. */
function contentStreams(pdf: Buffer): string[] {
  const streams: string[] = [];
  const text = pdf.toString('latin1');
  for (const { 1: head = '', index } of text.matchAll(/<<([^]{0,300}?)>>\s*stream\n/g)) {
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const from = text.indexOf('stream\n', index) + 'stream\n'.length;
    if (/\/Subtype|\/Type|\/Length1/.test(head)) continue;
    const bytes = pdf.subarray(from, from + length);
    const content = (/FlateDecode/.test(head) ? inflateSync(bytes) : bytes).toString('latin1');
    if (/\bBDC\b/.test(content)) streams.push(content);
  }
  return streams;
}

/**
 * Paints of a PDF's pages outside of every structure element and artifact (ISO 14289-1 section 7.1): an operator and what stands before it,
 * for each.
 */
export function untaggedPaints(pdf: Buffer): string[] {
  const found: string[] = [];
  for (const content of contentStreams(pdf)) {
    let depth = 0;
    const tokens = content.replace(/\((?:\\.|[^\\)])*\)|<[0-9a-f\s]*>/gi, '()').split(/\s+/);
    for (const [at, token] of tokens.entries()) {
      if (token === 'BDC' || token === 'BMC') depth += 1;
      else if (token === 'EMC') depth -= 1;
      else if (PAINTS.has(token) && depth === 0) found.push(tokens.slice(Math.max(0, at - 3), at + 1).join(' '));
    }
    if (depth !== 0) found.push(`${depth} marked contents that do not end`);
  }
  return found;
}

/** How many pages' contents were looked at: none would prove nothing. */
export const countContents = (pdf: Buffer): number => contentStreams(pdf).length;
