/** The process that reads a PDF. The server ends it when it is late or too large. */
import { readFile, stat } from 'node:fs/promises';
import type { PdfReading } from '../core/keeping/pdf-facts.js';
import { LIMITS } from '../limits.js';
import { readPdf } from './read-pdf.js';

async function readFileAt(path: string): Promise<PdfReading> {
  try {
    const { size } = await stat(path);
    if (size > LIMITS.maxPdfBytes) return 'too-large';
    // A copy: a pooled buffer shares its memory with others.
    return await readPdf(new Uint8Array(await readFile(path)));
  } catch {
    return 'missing';
  }
}

process.on('message', (path: string) => void readFileAt(path).then((reading) => process.send?.(reading)));
process.on('disconnect', () => process.exit());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
