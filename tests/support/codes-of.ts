import type { Library } from '../../src/core/model/library.js';

/** The codes that lead to some articles, each with its article. */
export const codesOf = (library: Pick<Library, 'findCodes'>, articles: readonly string[]) =>
  articles.flatMap((article) =>
    library
      .findCodes(article)
      .toArray()
      .map((code) => ({ ...code, article })),
  );
