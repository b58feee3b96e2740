import { extname, join } from 'node:path';
import { handoutFiles, handoutsFolder } from '../build/handouts.js';
import type { PdfReading } from '../core/keeping/pdf-facts.js';
import { listPdfUses, type PdfUse } from '../core/keeping/pdf-report.js';
import type { Library } from '../core/model/library.js';
import { PdfChecker } from './pdf-checker.js';

/** The PDFs of a site's folder, and the checks of them. */
export class HousePdfs {
  readonly #localLibrary: string | undefined;
  readonly #checker = new PdfChecker();

  /** @param localLibrary the site's folder; undefined: it has none */
  constructor(localLibrary: string | undefined) {
    this.#localLibrary = localLibrary;
  }

  /** Names of the PDFs in the folder, sorted. */
  listFiles(): string[] {
    const files = this.#localLibrary === undefined ? [] : handoutFiles(this.#localLibrary);
    return files.filter((name) => extname(name).toLowerCase() === '.pdf');
  }

  /** The PDFs, each with the handouts that lead to it. */
  list(library: Pick<Library, 'findArticles' | 'findArticleIds' | 'findSuppressed'>): PdfUse[] {
    return listPdfUses(this.listFiles(), library);
  }

  /**
   * Checks a file of the folder.
   * @returns undefined where it takes longer than `patienceMs`: the check goes on, and a later call returns its result
   */
  async check(file: string, patienceMs: number): Promise<PdfReading | undefined> {
    if (this.#localLibrary === undefined || !this.listFiles().includes(file)) return 'missing';
    const path = join(handoutsFolder(this.#localLibrary), file);
    return patienceMs === Infinity ? this.#checker.check(path) : this.#checker.checkWithin(path, patienceMs);
  }

  /** Ends the check that is under way, and starts no other. */
  close(): void {
    this.#checker.close();
  }
}
