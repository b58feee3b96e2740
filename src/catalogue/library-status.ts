import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Summary } from '../core/model/article.js';
import { LAYERS, type Layer, type LibraryStatus } from '../core/model/library.js';
import { countDays } from '../core/model/text-days.js';
import type { SitePolicy } from '../core/policy/site-policy.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';
import { newestDay } from './releases/release-facts.js';
import { getOrAdd } from '../core/remember.js';
import { chooseSummary } from './layered-articles.js';
import type { ArticleCodes } from './article-codes.js';
import type { LayeredMappings } from './layered-mappings.js';
import type { ReleaseContents } from './release-contents.js';

/** Code systems that have mapping rows or a crosswalk. */
function listSystems({ files }: ReleaseContents): CodeSystemId[] {
  const mapped = files.flatMap(({ facts }) => Object.keys(facts.mappings) as CodeSystemId[]);
  const crosswalked = files.flatMap(({ facts }) => facts.crosswalks.map(({ from }) => from));
  return [...new Set([...mapped, ...crosswalked])].sort();
}

/** The days of the texts that are shown in full. */
function listTextDays({ files }: ReleaseContents): string[] {
  type Row = { readonly article: string; readonly language: string; readonly day: string | null };
  const versions = new Map<string, { layer: Layer; summary: Summary }[]>();
  for (const file of files) {
    const { layer, builtOn } = file.place;
    for (const { article, language, day } of file.read<Row>('summaryDays')) {
      const summary = { html: '', on: day ?? (layer === 'imported' ? builtOn : undefined) };
      getOrAdd(versions, `${article} ${language}`, () => []).push({ layer, summary });
    }
  }
  return [...versions.values()].flatMap((of) => chooseSummary(of)?.on ?? []);
}

/** The part of a library's status that the policy does not change. */
export type StatusBefore = Omit<LibraryStatus, 'articles' | 'mappings' | 'policy'>;

/** @param active the releases in use; @param concepts numbers of concepts by code system */
export function buildStatus(
  active: readonly StoredRelease[],
  held: ReleaseContents,
  concepts: LibraryStatus['concepts'],
): StatusBefore {
  const releases = [...active].sort(
    (a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || (a.source < b.source ? -1 : 1),
  );
  // A finished import lists the code systems that it has completely.
  const complete = releases.flatMap((release) =>
    (readContent(release).complete ?? []).map((system) => [system, release.name] as const),
  );
  return {
    release: releases.map(({ name }) => name).join('+'),
    releases: releases.map(({ layer, source, name, builtOn }) => ({ layer, source, name, builtOn })),
    date: newestDay(releases),
    systems: listSystems(held),
    concepts,
    crosswalks: held.concepts.pairs,
    texts: countDays(listTextDays(held)),
    ...(held.drugs ? { tables: held.drugs.facts } : {}),
    completeSystems: new Map(complete),
  };
}

/** The status of a library under a policy. Its release names the policy, so that nothing cached outlives a change of it. */
export function statusUnder(
  policy: SitePolicy,
  { release, ...status }: StatusBefore,
  { articles }: ReleaseContents,
  mappings: LayeredMappings,
  codes: ArticleCodes,
): LibraryStatus {
  const withheld = [...policy.suppressed];
  return {
    ...status,
    release: policy.version === '' ? release : `${release}+policy-${policy.version}`,
    policy,
    articles: articles.ids.length - withheld.filter((id) => articles.find(id)).length,
    mappings: mappings.size - withheld.reduce((sum, id) => sum + codes.find(id).length, 0),
  };
}
