import type { Library } from '../../core/model/library.js';
import type { Vocabulary } from '../../core/words/known-words.js';
import { takeTurn } from '../../turns.js';

/** Reads what words and titles are understood by before a request needs it, each part in a turn of its own. */
export async function prepareWords(vocabulary: Vocabulary, library: Pick<Library, 'status'>): Promise<void> {
  const parts = [
    () => vocabulary.known,
    () => vocabulary.drugNames,
    () => library.status().titleFacts?.words,
    () => library.status().titleFacts?.stating,
  ];
  for (const read of parts) {
    read();
    await takeTurn();
  }
}
