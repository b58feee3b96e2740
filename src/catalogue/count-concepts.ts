import { setImmediate } from 'node:timers/promises';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { LayeredTerminology } from './layered-terminology.js';
import type { HeldRelease } from './releases/held-release.js';

/** Codes read at once. */
const CODES = 500;

/** How many codes of a system each of several releases describes that no larger one does, and the largest one's. */
async function countTogether(system: CodeSystemId, files: readonly HeldRelease[]): Promise<number> {
  const getCount = (file: HeldRelease): number => file.facts.concepts[system] ?? 0;
  const [largest, ...others] = [...files].sort((a, b) => getCount(b) - getCount(a));
  if (!largest) return 0;
  let count = getCount(largest);
  for (const [place, file] of others.entries()) {
    const larger = [largest, ...others.slice(0, place)];
    for (let after = ''; ;) {
      const codes = file.read<{ code: string }>('codesAfter', system, after, CODES).map(({ code }) => code);
      const last = codes.at(-1);
      if (last === undefined) break;
      count += codes.filter((code) => larger.every((one) => one.read('concept', system, code).length === 0)).length;
      after = last;
      await setImmediate();
    }
  }
  return count;
}

/** Counts the described codes of each system: a release states its number, and of several together codes are looked up. */
export async function countConcepts(terminology: LayeredTerminology): Promise<ReadonlyMap<CodeSystemId, number>> {
  const counts = new Map<CodeSystemId, number>();
  for (const system of terminology.described) {
    counts.set(system, await countTogether(system, terminology.describing(system)));
  }
  return counts;
}
