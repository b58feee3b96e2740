import { codeSystem } from '../codes/code-systems.js';
import { findTitle } from './knowledge-request.js';
import type { PathStep } from './knowledge-response.js';
import type { Finding, Resolved } from '../codes/resolve-coding.js';

const foldDisplay = ({ coding }: Resolved): string => findTitle(coding).toLowerCase();

/** A title alone is ambiguous: lithium is a drug and a test. It joins only criteria with the same subject. */
function shareTitle(a: Resolved, b: Resolved): boolean {
  if (foldDisplay(a) === '' || foldDisplay(a) !== foldDisplay(b)) return false;
  const kinds = [a, b].map(({ coding }) => coding.system && codeSystem(coding.system).kind);
  return kinds[0] === undefined || kinds[1] === undefined || kinds[0] === kinds[1];
}

/** Steps that lead to the same concept in another system. */
const LEADING: ReadonlySet<PathStep['kind']> = new Set(['crosswalk', 'elsewhere']);

function leadsTo(from: Resolved, to: Resolved): boolean {
  const { system } = to.coding;
  return (from.selection?.rows ?? []).some(({ path }) =>
    path.some(({ kind, ...step }) => LEADING.has(kind) && step.system === system && step.code === to.code),
  );
}

/** Whether the same article leads for both and is exactly about one of them. */
function shareLead(a: Resolved, b: Resolved): boolean {
  const [left] = a.selection?.rows ?? [];
  const [right] = b.selection?.rows ?? [];
  if (!left || !right || left.article !== right.article) return false;
  const relationships = [left.relationship, right.relationship];
  return (
    relationships.includes('equivalent') && relationships.every((one) => one === 'equivalent' || one === 'broader')
  );
}

function isSameSystem(a: Resolved, b: Resolved): boolean {
  if (a.coding.system || b.coding.system) return a.coding.system === b.coding.system;
  return a.coding.systemSent === b.coding.systemSent;
}

/** Whether one code was sent twice. */
function isSameCode(a: Resolved, b: Resolved): boolean {
  const code = ({ coding, code: normalized }: Resolved): string => normalized ?? coding.code.trim();
  return isSameSystem(a, b) && code(a) === code(b) && (code(a) !== '' || foldDisplay(a) === foldDisplay(b));
}

/**
 * Whether two criteria mean the same concept: within one system only the same code; across systems if a crosswalk leads
 * from one to the other, if the same article leads for both and is exactly about one of them, or if both carry the same
 * title.
 */
function isSameThing(a: Resolved, b: Resolved): boolean {
  if (isSameCode(a, b)) return true;
  return !isSameSystem(a, b) && (shareTitle(a, b) || leadsTo(a, b) || leadsTo(b, a) || shareLead(a, b));
}

function join(findings: readonly Finding[]): Finding[] {
  const [best, ...others] = [...findings].sort((a, b) =>
    a.best.distance === b.best.distance ? 0 : a.best.distance - b.best.distance,
  );
  if (!best) return [];
  const siblings = others.flatMap((other) => [other.best.coding, ...other.siblings]);
  return [{ best: best.best, siblings: [...best.siblings, ...siblings] }];
}

/**
 * Joins criteria that mean the same concept in several systems: one answer, by the closest match, at the first one's
 * place. Two codes of one system stay separate even if a third means the same as both.
 */
export function mergeSameThings(findings: readonly Finding[]): Finding[] {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const isApart = (group: Finding[]): boolean =>
      group.some(({ best }) => isSameSystem(best, finding.best) && !isSameCode(best, finding.best));
    const [first, ...more] = groups.filter(
      (group) => !isApart(group) && group.some(({ best }) => isSameThing(best, finding.best)),
    );
    if (!first) {
      groups.push([finding]);
      continue;
    }
    first.push(finding);
    for (const group of more) {
      // The new criterion joins two groups, unless both contain a code of one system.
      const clash = ({ best }: Finding): boolean =>
        first.some((other) => isSameSystem(other.best, best) && !isSameCode(other.best, best));
      if (group.some(clash)) continue;
      first.push(...group);
      groups.splice(groups.indexOf(group), 1);
    }
  }
  return groups.flatMap(join);
}
