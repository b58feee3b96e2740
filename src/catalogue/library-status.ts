import type { CodeSystemId } from '../core/code-systems.js';
import type { LibraryStatus } from '../core/library.js';
import { LAYERS } from '../core/library.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';
import type { Layers } from './layers.js';

/** The day of the newest release; what a site writes has times of its own, and does not make everything else newer. */
function dateOf(releases: readonly StoredRelease[]): string {
  const shipped = releases.filter(({ layer }) => layer !== 'written');
  const days = (shipped.length > 0 ? shipped : releases).map(({ builtOn }) => builtOn);
  return days.sort().at(-1) ?? '';
}

/** Code systems that have mapping rows or a crosswalk. */
function systemsOf({ files }: Layers): CodeSystemId[] {
  const mapped = files.flatMap(({ rows }) => [...rows.keys()]);
  const crosswalked = files.flatMap(({ facts }) => facts.crosswalks.map(({ from }) => from));
  return [...new Set([...mapped, ...crosswalked])].sort();
}

/** What a library says of itself, but for its generation. @param active the releases in use */
export function statusOf(active: readonly StoredRelease[], layers: Layers): Omit<LibraryStatus, 'generation'> {
  const releases = [...active].sort(
    (a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || (a.source < b.source ? -1 : 1),
  );
  return {
    release: releases.map(({ name }) => name).join('+'),
    releases: releases.map(({ layer, source, name }) => ({ layer, source, name })),
    date: dateOf(releases),
    articles: layers.articles.ids.length,
    mappings: layers.files.reduce((sum, { mappings }) => sum + mappings, 0),
    systems: systemsOf(layers),
    completeSystems: new Map(
      // A release that an import has finished says which code systems it holds whole.
      releases.flatMap((release) =>
        (readContent(release).complete ?? []).map((system) => [system, release.name] as const),
      ),
    ),
  };
}
