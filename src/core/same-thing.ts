import type { Finding, Resolved } from './resolve-coding.js';

const displayOf = ({ coding }: Resolved): string => coding.display.trim().toLowerCase();

/** The articles that are exactly about the code, by a row of its own. */
function exactArticles({ selection, distance }: Resolved): string[] {
  if (distance !== 0) return [];
  return (selection?.rows ?? []).filter((row) => row.relationship === 'equivalent').map((row) => row.article);
}

function leadsTo(from: Resolved, to: Resolved): boolean {
  const { system } = to.coding;
  return (from.selection?.rows ?? []).some(({ path }) =>
    path.some((step) => step.kind === 'crosswalk' && step.system === system && step.code === to.code),
  );
}

/**
 * Whether two criteria name one thing in two systems: never within one system; across systems where a crosswalk leads
 * from one to the other, where both have a row to the same article that is exactly about them, or where both carry the
 * same title.
 */
function isSameThing(a: Resolved, b: Resolved): boolean {
  if (a.coding.system === b.coding.system && a.coding.systemSent === b.coding.systemSent) return false;
  if (displayOf(a) !== '' && displayOf(a) === displayOf(b)) return true;
  if (leadsTo(a, b) || leadsTo(b, a)) return true;
  const exact = exactArticles(a);
  return exactArticles(b).some((article) => exact.includes(article));
}

/** Joins criteria that are the same thing in several systems: one answer, by the closest match, at the first's place. */
export function mergeSameThings(findings: readonly Finding[]): Finding[] {
  const merged: Finding[] = [];
  for (const finding of findings) {
    const index = merged.findIndex(({ best }) => isSameThing(best, finding.best));
    const earlier = merged[index];
    if (!earlier) {
      merged.push(finding);
      continue;
    }
    const [near, far] = finding.best.distance < earlier.best.distance ? [finding, earlier] : [earlier, finding];
    merged[index] = { best: near.best, siblings: [...near.siblings, far.best.coding, ...far.siblings] };
  }
  return merged;
}
