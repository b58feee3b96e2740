import { LAYERS } from '../core/model/library.js';
import type { DrugLookup } from './drugs/drug-lookup.js';
import { LayeredArticles } from './layered-articles.js';
import { LayeredTerminology } from './layered-terminology.js';
import type { ReleaseFile } from './releases/release-file.js';
import { Withdrawn, type SourceReleases } from './releases/withdrawn.js';

/** The highest layer first, and of one layer the latest release. */
const byPriority = (a: ReleaseFile, b: ReleaseFile): number =>
  LAYERS.indexOf(a.place.layer) - LAYERS.indexOf(b.place.layer) || b.place.id - a.place.id;

/** The content of releases, before a site's policy is applied. */
export interface ReleaseContents {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly ReleaseFile[];
  readonly articles: LayeredArticles;
  readonly concepts: LayeredTerminology;
  readonly withdrawn: Withdrawn;
  /** The lookup tables of drugs; undefined where the program has none. */
  readonly drugs: DrugLookup | undefined;
}

/**
 * Combines releases.
 * @param sources every source with a release that is in use or retained
 * @param before the content before a swap: unchanged articles are reused
 */
export function combineReleases(
  sources: readonly SourceReleases[],
  drugs: DrugLookup | undefined,
  before?: ReleaseContents,
): ReleaseContents {
  const files = sources.flatMap(({ inUse }) => inUse ?? []).sort(byPriority);
  const articles = new LayeredArticles([...files].reverse(), before?.articles);
  const withdrawn = new Withdrawn(sources, articles.publishers, (id) => articles.find(id));
  return { files, articles, concepts: new LayeredTerminology(files), withdrawn, drugs };
}
