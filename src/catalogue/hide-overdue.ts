import { hash } from 'node:crypto';
import { isOverdue } from '../core/keeping/keeper.js';
import { LOCAL_ID_PREFIX } from '../core/model/article.js';
import type { SitePolicy } from '../core/policy/site-policy.js';
import type { ReleaseContents } from './release-contents.js';

const DAY_MS = 86_400_000;

/** Ids of a site's own handouts with a text whose day of review has passed: in a reader's eyes its languages are one handout. */
function listOverdue({ articles }: ReleaseContents, today: string): string[] {
  return articles
    .idsByPrefix(LOCAL_ID_PREFIX)
    .filter((id) => Object.values(articles.find(id)?.texts ?? {}).some(({ keeper }) => isOverdue(keeper, today)));
}

/** A policy that suppresses overdue handouts too. The same object is returned until policy, content or day (UTC) changes. */
export function createOverdueHiding(): (policy: SitePolicy, contents: ReleaseContents, now: Date) => SitePolicy {
  let last: { policy: SitePolicy; contents: ReleaseContents; day: number; hiding: SitePolicy } | undefined;
  return (policy, contents, now) => {
    const day = Math.floor(now.getTime() / DAY_MS);
    if (last && last.policy === policy && last.contents === contents && last.day === day) return last.hiding;
    const overdue = listOverdue(contents, new Date(day * DAY_MS).toISOString().slice(0, 10));
    const version = hash('sha256', [policy.version, ...overdue].join(' ')).slice(0, 8);
    const suppressed = new Set([...policy.suppressed, ...overdue]);
    const isSame = last?.policy === policy && last.hiding.version === version;
    const hiding = overdue.length === 0 ? policy : last && isSame ? last.hiding : { ...policy, version, suppressed };
    last = { policy, contents, day, hiding };
    return hiding;
  };
}
