import { LOCAL_ID_PREFIX, handoutName } from '../core/model/article.js';
import { readKeeperFile } from './keeper-files.js';
import type { Complaint, LibrarySource, TextFacts } from './source.js';

/**
 * Adds the keeper's data of a site's handout files to their texts. Texts of files that are not approved are left out, and with the last
 * text of a handout its rows.
 * @param folder of the handouts
 */
export function keepHandouts(folder: string, source: LibrarySource): LibrarySource {
  const complaints: Complaint[] = [...source.complaints];
  const before = new Set(source.texts.map(({ article }) => article));
  const texts = source.texts.flatMap((text): TextFacts[] => {
    const name = handoutName(text.url ?? '');
    const read = name === undefined ? undefined : readKeeperFile(folder, name);
    if (typeof read === 'string') {
      const reason = `the file with its keeper’s data has a fault, so it is left out: ${read}`;
      complaints.push({ file: `handouts/${name ?? ''}`, line: 0, reason });
      return [];
    }
    if (!read) return [text];
    if (read.state !== 'approved') return [];
    return [read.keeper ? { ...text, keeper: read.keeper } : text];
  });
  const left = new Set(texts.map(({ article }) => article));
  const isGone = (id: string): boolean => id.startsWith(LOCAL_ID_PREFIX) && before.has(id) && !left.has(id);
  return {
    ...source,
    texts,
    articles: source.articles.filter(({ id }) => !isGone(id)),
    mappings: source.mappings.filter(({ article }) => article === undefined || !isGone(article)),
    complaints,
  };
}
