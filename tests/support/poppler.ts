import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

const isThere = spawnSync('pdfinfo', ['-v']).error === undefined;

/**
 * A suite that reads PDFs by Debian's package poppler-utils. Where it is absent the suite is skipped and counted as such; with
 * CI=true it runs, and fails where it is absent.
 */
export const describeWithPoppler = isThere || process.env.CI === 'true' ? describe : describe.skip;

function run(program: string, args: readonly string[], pdf: Buffer): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { input: pdf, maxBuffer: 1e8 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.toString()}`);
  return stdout.toString();
}

/** Output of `pdfinfo` on a PDF. */
export const infoOf = (pdf: Buffer): string => run('pdfinfo', ['-'], pdf);

/** The structure tree with its texts and attributes, as `pdfinfo -struct-text` prints it. */
export const structureOf = (pdf: Buffer): string => run('pdfinfo', ['-struct-text', '-'], pdf);

/** The text as it is copied, without line ends. */
export const copiedText = (pdf: Buffer): string => run('pdftotext', ['-', '-'], pdf).replace(/\s+/g, ' ');

/** The text of each page. */
export const pagesText = (pdf: Buffer): string[] => run('pdftotext', ['-', '-'], pdf).split('\f').slice(0, -1);

/** The fonts of a PDF: name, whether it is embedded, whether its letters can be copied. */
export function fontsOf(pdf: Buffer): { name: string; isEmbedded: boolean; isMapped: boolean }[] {
  const [, , ...rows] = run('pdffonts', ['-'], pdf).trim().split('\n');
  return rows.map((row) => {
    const [, name = '', embedded, mapped] =
      /^(\S+).*\s(yes|no)\s+(?:yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$/.exec(row) ?? [];
    return { name, isEmbedded: embedded === 'yes', isMapped: mapped === 'yes' };
  });
}
