import { codingKey, type Coding, type Concept } from '../core/codes/concept.js';
import type { LibraryStatus } from '../core/model/library.js';
import type { SearchIndex } from '../core/search/search-index.js';
import type { TerminologyIndex } from '../core/codes/terminology-index.js';
import type { SitePolicy } from '../core/policy/site-policy.js';
import { ArticleCodes } from './article-codes.js';
import { LayeredLeaflets } from './layered-leaflets.js';
import { LayeredMappings } from './layered-mappings.js';
import { LayeredSearch } from './layered-search.js';
import { statusUnder, type StatusBefore } from './library-status.js';
import { once } from './merge-lists.js';
import type { ReleaseContents } from './release-contents.js';

/** The content of releases under a site's policy. */
export class ServedCatalogue {
  readonly contents: ReleaseContents;
  readonly policy: SitePolicy;
  readonly mappings: LayeredMappings;
  readonly codes: ArticleCodes;
  readonly leaflets: LayeredLeaflets;
  readonly search: SearchIndex;
  readonly terminology: TerminologyIndex;
  readonly status: LibraryStatus;

  /** @param before the catalogue before a swap or another policy: unchanged lists of codes are reused */
  constructor(contents: ReleaseContents, policy: SitePolicy, status: StatusBefore, before?: ServedCatalogue) {
    const { files, articles, concepts, drugs } = contents;
    const { suppressed } = policy;
    const mappings = new LayeredMappings({ files, articles, concepts, drugs, suppressed });
    this.contents = contents;
    this.policy = policy;
    this.mappings = mappings;
    this.codes = new ArticleCodes(files, mappings, before?.codes);
    this.leaflets = new LayeredLeaflets(files, drugs, policy);
    this.search = new LayeredSearch(files, suppressed);
    this.terminology = {
      findCrosswalks: (coding, end) => concepts.findCrosswalks(coding, end),
      listConcepts: (system, after, most) => concepts.listConcepts(system, after, most),
      findChildren: (coding) => concepts.findChildren(coding),
      findConceptsBelow: (codings, most) => concepts.findConceptsBelow(codings, most),
      listCrosswalks: (pair, after, mostCodes) => concepts.listCrosswalks(pair, after, mostCodes),
      listMappings: (system, after, mostCodes) => mappings.list(system, after, mostCodes),
    };
    this.status = statusUnder(policy, status, contents, mappings, this.codes);
  }

  /** The ids of some articles that are served. */
  listServed(ids: readonly string[]): string[] {
    return ids.filter((id) => !this.policy.suppressed.has(id));
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    const { concepts, drugs } = this.contents;
    const requested = codings.length > 1 ? once(codings, codingKey) : codings;
    return requested.flatMap((coding) => concepts.findConcept(coding) ?? drugs?.findConcept(coding) ?? []);
  }
}
