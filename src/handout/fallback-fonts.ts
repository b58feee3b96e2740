import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import subsetFont from 'subset-font';
import { getOrAdd } from '../core/remember.js';

const resolve = createRequire(import.meta.url).resolve;

const ARABIC = '@fontsource-variable/noto-naskh-arabic';
const DEVANAGARI = '@fontsource-variable/noto-sans-devanagari';
const CHINESE = '@fontsource-variable/noto-sans-sc';
const KOREAN = '@fontsource-variable/noto-sans-kr';
/** Noto's families for letters that the handout's usual fonts lack, in order of preference. */
const FAMILIES = [ARABIC, DEVANAGARI, CHINESE, KOREAN] as const;
/** Japanese and Korean shapes of Chinese characters are closer to each other than to mainland China's. */
const EAST = [KOREAN, CHINESE, ARABIC, DEVANAGARI] as const;
/** Their one weight, for bold text too. */
const WEIGHT = 400;

type Family = (typeof FAMILIES)[number];
type Range = readonly [first: number, last: number];

/** A file of a family: the packages divide fonts by the code points that occur together. */
interface Slice {
  readonly file: string;
  readonly ranges: readonly Range[];
}

const listLetters = ({ ranges }: Slice): string =>
  ranges
    .map(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)).join(''),
    )
    .join('');

/** Parses a CSS `unicode-range`: `U+4e00,U+4e09-4e0b`. */
const parseRanges = (text: string): Range[] =>
  Array.from(text.matchAll(/U\+([0-9a-f]+)(?:-([0-9a-f]+))?/gi), ([, first = '', last = first]) => [
    Number.parseInt(first, 16),
    Number.parseInt(last, 16),
  ]);

async function readSlices(family: Family): Promise<Slice[]> {
  const listed = JSON.parse(await readFile(resolve(`${family}/unicode.json`), 'utf8')) as Record<string, string>;
  const prefix = `${family}/files/${family.replace(/^.*\//, '')}`;
  return Object.entries(listed).map(([slice, ranges]) => ({
    file: `${prefix}-${slice.replace(/[[\]]/g, '')}-wght-normal.woff2`,
    ranges: parseRanges(ranges),
  }));
}

/**
 * Letters of Chinese, Korean, Japanese, Arabic, Persian, Urdu, Hindi. Only the slices that a text needs are read; each is
 * decompressed and set to one weight, since fontkit can embed neither WOFF2 nor variable fonts.
 */
export class FallbackFonts {
  readonly #slices = new Map<Family, Promise<Slice[]>>();
  readonly #fonts = new Map<string, Font>();
  /** The file with a letter, by language preference and letter; undefined if none has it. */
  readonly #files = new Map<string, string | undefined>();

  async #findFile(letter: string, families: readonly Family[]): Promise<string | undefined> {
    const code = letter.codePointAt(0) ?? 0;
    for (const family of families) {
      const slices = await getOrAdd(this.#slices, family, () => readSlices(family));
      const slice = slices.find(({ ranges }) => ranges.some(([first, last]) => code >= first && code <= last));
      // The ranges are those of the style sheet: the font may lack some of them.
      if (slice && (await this.#load(slice)).hasGlyphForCodePoint(code)) return slice.file;
    }
    return undefined;
  }

  async #load(slice: Slice): Promise<Font> {
    const known = this.#fonts.get(slice.file);
    if (known) return known;
    const options = { targetFormat: 'truetype', variationAxes: { wght: WEIGHT } } as const;
    const bytes = await subsetFont(await readFile(resolve(slice.file)), listLetters(slice), options);
    const font = create(bytes) as Font;
    this.#fonts.set(slice.file, font);
    return font;
  }

  /** Reads the fonts of letters, so that `find` knows them. */
  async load(letters: Iterable<string>): Promise<void> {
    for (const letter of letters) {
      for (const [isEast, families] of [[false, FAMILIES] as const, [true, EAST] as const]) {
        const key = `${String(isEast)} ${letter}`;
        if (!this.#files.has(key)) this.#files.set(key, await this.#findFile(letter, families));
      }
    }
  }

  /** The name of the font for a letter; undefined if none has it, or it was not loaded. */
  find(letter: string, language: string | undefined): string | undefined {
    return this.#files.get(`${String(language === 'ja' || language === 'ko')} ${letter}`);
  }

  /** A loaded font by its name. */
  font(name: string): Font | undefined {
    return this.#fonts.get(name);
  }
}
