import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Layer, ReleaseIdentity } from '../../core/model/library.js';
import { INDEX_VERSION } from '../../core/search/text-index.js';

/** Whether withdrawn content of a source is reported: not for what a site wrote and deleted, nor for visits to pages. */
export const reportsWithdrawn = ({ layer, source }: Pick<ReleaseIdentity, 'layer' | 'source'>): boolean =>
  layer !== 'written' && source !== 'link-check';

/** The day of the newest release; what a site writes has times of its own, and does not make everything else newer. */
export function newestDay(releases: readonly { readonly layer: Layer; readonly builtOn: string }[]): string {
  const shipped = releases.filter(({ layer }) => layer !== 'written');
  const days = (shipped.length > 0 ? shipped : releases).map(({ builtOn }) => builtOn);
  return days.sort().at(-1) ?? '';
}

/** The summary in a release file, which would otherwise be counted over its rows when it is opened. */
export interface ReleaseFacts {
  /** Documents of its text index; the concepts among them begin at `conceptsFrom`. */
  readonly documents: number;
  readonly conceptsFrom: number;
  /** Summaries whose words are indexed. */
  readonly summaries: number;
  /** Number of mapping rows of each system. */
  readonly mappings: Readonly<Partial<Record<CodeSystemId, number>>>;
  /** Number of codes of each system that it describes. */
  readonly concepts: Readonly<Partial<Record<CodeSystemId, number>>>;
  /** Pairs of systems between which its crosswalks lead. */
  readonly crosswalks: readonly { readonly from: CodeSystemId; readonly to: CodeSystemId }[];
  /** It has the tables of leaflets; absent where it has none. */
  readonly hasLeaflets?: boolean;
}

/**
 * The format of release files, stored in their `user_version`: their tables, and how their text is indexed. A file with another one comes
 * from another version of the program.
 */
export const RELEASE_FORMAT = 2000 + INDEX_VERSION;

/** The format before: without an index of mapping rows by article. The next start converts these files (build/convert-releases.ts). */
export const FORMAT_BEFORE = 1000 + INDEX_VERSION;
