import { editDistance } from './edit-distance.js';
import { countDifferent, toLetterSet } from './letter-set.js';
import { toSound } from './text-tokens.js';

/** From this length on, the sounds of a word and its misspelling may differ in two letters. */
const LONG = 7;
/** A letter more or less may change the sound of another: the lengths of sounds differ by two at most. */
const MOST_LONGER = 2;

interface Sounds {
  readonly words: string[];
  readonly sounds: string[];
  /** Sets of the letters of words, and of their sounds. */
  readonly letters: number[];
  readonly soundLetters: number[];
}

/** Words by their sounds (text-tokens.ts), for the few that a misspelt word is compared with. */
export class NearWords {
  readonly #byLength = new Map<number, Sounds>();

  /** @param word folded, letters only */
  add(word: string): void {
    const sound = toSound(word);
    const ofLength = this.#byLength.get(sound.length) ?? { words: [], sounds: [], letters: [], soundLetters: [] };
    this.#byLength.set(sound.length, ofLength);
    ofLength.words.push(word);
    ofLength.sounds.push(sound);
    ofLength.letters.push(toLetterSet(word));
    ofLength.soundLetters.push(toLetterSet(sound));
  }

  /** The words that differ from a word in a letter, as written or as they sound; those of long words in two as they sound. */
  listNear(word: string): string[] {
    const sound = toSound(word);
    const [set, soundSet] = [toLetterSet(word), toLetterSet(sound)];
    const most = word.length < LONG ? 1 : 2;
    const near: string[] = [];
    for (let length = sound.length - MOST_LONGER; length <= sound.length + MOST_LONGER; length += 1) {
      const ofLength = this.#byLength.get(length);
      if (!ofLength) continue;
      const { words, sounds, letters, soundLetters } = ofLength;
      for (let at = 0; at < letters.length; at += 1) {
        // Each edit changes two letters of a set at most.
        const mayBeWritten = countDifferent(set, letters[at] ?? 0) <= 2;
        const maySound = countDifferent(soundSet, soundLetters[at] ?? 0) <= 2 * most;
        const isNear =
          (mayBeWritten && editDistance(word, words[at] ?? '', 1) <= 1) ||
          (maySound && editDistance(sound, sounds[at] ?? '', most) <= most);
        if (isNear) near.push(words[at] ?? '');
      }
    }
    return near;
  }
}
