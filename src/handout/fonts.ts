import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { getOrAdd } from '../core/remember.js';
import { findOwn } from '../core/find-own.js';
import { FallbackFonts } from './fallback-fonts.js';

/**
 * Atkinson Hyperlegible Next, designed for readers with low vision, has the letters of English and Spanish. Arimo has
 * the letters and symbols that it lacks (Greek, Cyrillic, Hebrew, Vietnamese, arrows, squares), and the digits: Atkinson's
 * zero has a slash, which patients read as another letter. Vietnamese, of which Atkinson has half, is all Arimo's.
 */
const FILES = {
  regular: '@expo-google-fonts/atkinson-hyperlegible-next/400Regular/AtkinsonHyperlegibleNext_400Regular.ttf',
  bold: '@expo-google-fonts/atkinson-hyperlegible-next/700Bold/AtkinsonHyperlegibleNext_700Bold.ttf',
  italic:
    '@expo-google-fonts/atkinson-hyperlegible-next/400Regular_Italic/AtkinsonHyperlegibleNext_400Regular_Italic.ttf',
  boldItalic:
    '@expo-google-fonts/atkinson-hyperlegible-next/700Bold_Italic/AtkinsonHyperlegibleNext_700Bold_Italic.ttf',
  otherRegular: '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
  otherBold: '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
} as const;

type UsualFont = keyof typeof FILES;
/** A usual font, or the file of a fallback font. */
export type FontName = string;

/** The style and language of a text. */
interface Look {
  readonly isBold?: boolean | undefined;
  readonly isItalic?: boolean | undefined;
  /** BCP 47; Japanese and Korean write Chinese characters in their own shapes. */
  readonly language?: string | undefined;
}

function findFont({ isBold, isItalic }: Look): UsualFont {
  if (isBold) return isItalic ? 'boldItalic' : 'bold';
  return isItalic ? 'italic' : 'regular';
}

/** True for a font of the handout's own; false for a fallback. */
export const isUsualFont = (name: FontName): name is UsualFont => Object.hasOwn(FILES, name);

/**
 * Characters that no font draws: soft hyphens, direction marks, break opportunities, and joiners outside of the scripts
 * whose letters they shape.
 */
const UNSEEN =
  /(?<![\p{Script=Arabic}\p{Script=Devanagari}])[\u200c\u200d]|(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu;
/** A character that is written with the letter before it, in the same font. */
const ATTACHED = /^[\p{M}\u200c\u200d]$/u;
/** Check boxes and check marks that no font has, each with the symbol that is drawn for it. */
const DRAWN_AS: Readonly<Record<string, string | undefined>> = {
  '☐': '□',
  '❑': '□',
  '❏': '□',
  '☑': '√',
  '✓': '√',
  '✔': '√',
};

/** The letters to draw for a text. */
const toDrawn = (text: string): string[] =>
  Array.from(text.replace(UNSEEN, '').normalize('NFC'), (letter) => findOwn(DRAWN_AS, letter) ?? letter);

const codeOf = (letter: string): number => letter.codePointAt(0) ?? 0;

/** The fonts of the PDF, each read on first use and shared by all PDFs. */
export class Fonts {
  readonly #fonts = new Map<UsualFont, Font>();
  readonly #fallback = new FallbackFonts();

  /** Reads the fallback fonts that a text needs. Without it, `divide` and `findUnprintable` know the usual fonts alone. */
  load(text: string): Promise<void> {
    return this.#fallback.load(this.#findUnusual(text));
  }

  /** A font, as read by fontkit. @throws Error if it is not loaded */
  font(name: FontName): Font {
    if (isUsualFont(name)) return this.#usual(name);
    const font = this.#fallback.font(name);
    if (!font) throw new Error(`the font is not loaded: ${name}`);
    return font;
  }

  #usual(name: UsualFont): Font {
    return getOrAdd(this.#fonts, name, () => {
      const font = create(readFileSync(createRequire(import.meta.url).resolve(FILES[name]))) as Font;
      // fontkit caches a glyph with the character for which it was first used. As a component of another glyph (N in Ñ)
      // it has none, and the next PDF would lack its text.
      for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
      return font;
    });
  }

  #find(letter: string, look: Look): FontName | undefined {
    const other: UsualFont = look.isBold ? 'otherBold' : 'otherRegular';
    const usual = /^[0-9]$/.test(letter) || look.language === 'vi' ? [other] : [findFont(look), other];
    const found = usual.find((name) => this.#usual(name).hasGlyphForCodePoint(codeOf(letter)));
    return found ?? this.#fallback.find(letter, look.language);
  }

  /**
   * Splits a text by the fonts that have its letters; letters in no font are left out (`findUnprintable` lists them).
   */
  divide(text: string, look: Look) {
    const pieces: { font: FontName; text: string }[] = [];
    for (const letter of toDrawn(text)) {
      const last = pieces.at(-1);
      const isAttached = last && ATTACHED.test(letter) && this.font(last.font).hasGlyphForCodePoint(codeOf(letter));
      const font = isAttached ? last.font : this.#find(letter, look);
      if (font === undefined) continue;
      if (last?.font === font) last.text += letter;
      else pieces.push({ font, text: letter });
    }
    return pieces;
  }

  /** The letters of a text that no usual font has, each once, in order. */
  #findUnusual(text: string): string[] {
    const has = (name: UsualFont, letter: string) => this.#usual(name).hasGlyphForCodePoint(codeOf(letter));
    const letters = new Set(toDrawn(text.replace(/\s+/g, '')));
    return [...letters].filter((letter) => !has('regular', letter) && !has('otherRegular', letter));
  }

  /** The letters of a text that no font of the PDF has, each once, in order. */
  findUnprintable(text: string): string[] {
    return this.#findUnusual(text).filter((letter) => this.#fallback.find(letter, undefined) === undefined);
  }
}
