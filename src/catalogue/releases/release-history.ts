import type { ReleaseChange, ReleaseRecord } from '../../core/model/library.js';
import { readContent } from '../../store/release-content.js';
import type { StoredRelease } from '../../store/release-store.js';

/** Change by a release, without some articles. A change beyond its examples does not say which articles it is of. */
function withoutArticles(change: ReleaseChange, suppressed: ReadonlySet<string>): ReleaseChange {
  const readId = (example: string): string => example.slice(example.indexOf(' ') + 1);
  const withheld = new Set(change.examples.map(readId).filter((id) => suppressed.has(id)));
  const count = (kind: 'added' | 'changed' | 'withdrawn') => {
    const named = change.examples.filter((example) => example.startsWith(`${kind} `));
    const unknown = Math.min(change[kind] - named.length, suppressed.size - withheld.size);
    const shown = change[kind] - named.filter((example) => withheld.has(readId(example))).length - unknown;
    return { shown, unknown };
  };
  const [added, changed, withdrawn] = [count('added'), count('changed'), count('withdrawn')];
  const examples = change.examples.filter((example) => !withheld.has(readId(example)));
  const isLeast = added.unknown + changed.unknown + withdrawn.unknown > 0;
  const counts = { added: added.shown, changed: changed.shown, withdrawn: withdrawn.shown };
  return { ...counts, examples, ...(isLeast ? { isLeast } : {}) };
}

/** A release as an entry of the history; none if it never became active. @param suppressed articles that are left out */
export function toReleaseRecord(release: StoredRelease, suppressed: ReadonlySet<string>): ReleaseRecord[] {
  const { layer, source, name, builtOn, activatedAt, isActive } = release;
  const { changes, leftAt } = activatedAt === null ? {} : readContent(release);
  if (activatedAt === null || !changes) return [];
  const articles = suppressed.size === 0 ? changes.articles : withoutArticles(changes.articles, suppressed);
  return [
    {
      ...{ layer, source, name, builtOn, activatedAt, isActive },
      leftAt: isActive ? undefined : leftAt,
      changes: { ...changes, articles },
    },
  ];
}
