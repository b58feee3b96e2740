import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { getOrAdd } from '../core/remember.js';
import { findOwn } from '../core/find-own.js';

/** Font styles; each is a font file. */
export type FontName = 'regular' | 'bold' | 'italic' | 'boldItalic' | 'otherRegular' | 'otherBold';

/**
 * Atkinson Hyperlegible Next, designed for readers with low vision, has the letters of English and Spanish. Arimo has
 * the letters and symbols that it lacks: Greek, Cyrillic, Vietnamese, arrows, squares.
 */
const FILES: Readonly<Record<FontName, string>> = {
  regular: '@expo-google-fonts/atkinson-hyperlegible-next/400Regular/AtkinsonHyperlegibleNext_400Regular.ttf',
  bold: '@expo-google-fonts/atkinson-hyperlegible-next/700Bold/AtkinsonHyperlegibleNext_700Bold.ttf',
  italic:
    '@expo-google-fonts/atkinson-hyperlegible-next/400Regular_Italic/AtkinsonHyperlegibleNext_400Regular_Italic.ttf',
  boldItalic:
    '@expo-google-fonts/atkinson-hyperlegible-next/700Bold_Italic/AtkinsonHyperlegibleNext_700Bold_Italic.ttf',
  otherRegular: '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
  otherBold: '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
};

interface Look {
  readonly isBold?: boolean | undefined;
  readonly isItalic?: boolean | undefined;
}

function findFont({ isBold, isItalic }: Look): FontName {
  if (isBold) return isItalic ? 'boldItalic' : 'bold';
  return isItalic ? 'italic' : 'regular';
}

/** Characters that no font draws: soft hyphens, joiners, direction marks, break opportunities. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu;
/** Letters that are written from right to left: lines are broken and drawn from left to right, so they cannot be printed. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
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

/** The fonts of the PDF, each read on first use and shared by all PDFs. */
export class Fonts {
  readonly #fonts = new Map<FontName, Font>();

  /** A font, as read by fontkit. */
  font(name: FontName): Font {
    return getOrAdd(this.#fonts, name, () => {
      const font = create(readFileSync(createRequire(import.meta.url).resolve(FILES[name]))) as Font;
      // fontkit caches a glyph with the character for which it was first used. As a component of another glyph (N in Ñ)
      // it has none, and the next PDF would lack its text.
      for (const codePoint of font.characterSet) font.glyphForCodePoint(codePoint);
      return font;
    });
  }

  #has(name: FontName, letter: string): boolean {
    return !RIGHT_TO_LEFT.test(letter) && this.font(name).hasGlyphForCodePoint(letter.codePointAt(0) ?? 0);
  }

  /**
   * Splits a text by the fonts that have its letters; letters in no font are left out (`findUnprintable` lists them).
   */
  divide(text: string, look: Look) {
    const own = findFont(look);
    const other: FontName = look.isBold ? 'otherBold' : 'otherRegular';
    const pieces: { font: FontName; text: string }[] = [];
    for (const letter of toDrawn(text)) {
      const font = [own, other].find((name) => this.#has(name, letter));
      if (!font) continue;
      const last = pieces.at(-1);
      if (last?.font === font) last.text += letter;
      else pieces.push({ font, text: letter });
    }
    return pieces;
  }

  /** The letters of a text that no font of the PDF has, each once, in order. */
  findUnprintable(text: string): string[] {
    const letters = new Set(toDrawn(text.replace(/\s+/g, '')));
    return [...letters].filter((letter) => !this.#has('regular', letter) && !this.#has('otherRegular', letter));
  }
}
