import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { handoutName } from '../core/model/article.js';
import { LIMITS } from '../limits.js';
import { toReprint } from './reprint.js';

/** The printable content of a house handout's file. */
export type HouseText =
  | {
      /** Sanitised HTML. */
      readonly html: string;
      /** ISO 8601 day of its last change. */
      readonly changedOn: string;
    }
  /** It cannot be printed in full: a PDF, a picture, a table, or too long. */
  | 'by-itself';

const HTML_EXTENSIONS = new Set(['.html', '.htm']);
const MAX_CACHED_TEXTS = 100;

/** The texts of a site's own handouts (`handouts/` of LOCAL_LIBRARY), read on printing and cached until they change. */
export class HouseTexts {
  readonly #folder: string | undefined;
  readonly #cache = new LRUCache<string, { readonly text: HouseText }>({ max: MAX_CACHED_TEXTS });

  /** @param folder of the handouts; undefined: none */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** The text at an article's address; undefined if that is not a file of the site's. */
  async find(url: string): Promise<HouseText | undefined> {
    const name = handoutName(url);
    if (this.#folder === undefined || name === undefined || basename(name) !== name) return undefined;
    const file = join(this.#folder, name);
    const facts = await stat(file).catch(() => undefined);
    if (!facts?.isFile()) return undefined;
    if (!HTML_EXTENSIONS.has(extname(name).toLowerCase()) || facts.size > LIMITS.maxHouseTextBytes) return 'by-itself';
    const key = `${name} ${facts.mtimeMs} ${facts.size}`;
    const known = this.#cache.get(key);
    if (known) return known.text;
    const html = toReprint(await readFile(file, 'utf8'), url);
    const changedOn = facts.mtime.toISOString().slice(0, 10);
    const text = html === undefined ? 'by-itself' : { html, changedOn };
    this.#cache.set(key, { text });
    return text;
  }
}
