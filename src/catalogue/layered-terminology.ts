import { setImmediate } from 'node:timers/promises';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codingKey, type Coding, type Concept } from '../core/codes/concept.js';
import type { Crosswalk, CrosswalkPair } from '../core/codes/terminology-index.js';
import { compareTexts, listCodes, mergeSorted, once } from './merge-lists.js';
import type { ReleaseFile } from './releases/release-file.js';

interface ConceptRow {
  readonly code: string;
  readonly title: string;
  readonly parent: string | null;
  readonly billable: number | null;
  readonly active: number;
  readonly names: string;
}

/** @param release the name of the release that describes it */
const toConcept = (
  system: CodeSystemId,
  { code, title, parent, billable, active, names }: ConceptRow,
  release: string,
): Concept => ({
  system,
  code,
  title,
  parent: parent ?? undefined,
  billable: billable === null ? undefined : billable === 1,
  active: active === 1,
  names: names === '[]' ? [] : (JSON.parse(names) as string[]),
  release,
});

interface CrosswalkRow extends Coding {
  readonly targetSystem: CodeSystemId;
  readonly targetCode: string;
  readonly relationship: Crosswalk['relationship'];
}

const toCrosswalk = ({ system, code, targetSystem, targetCode, relationship }: CrosswalkRow): Crosswalk => ({
  from: { system, code },
  to: { system: targetSystem, code: targetCode },
  relationship,
});

const buildKey = ({ from, to, relationship }: Crosswalk): string =>
  `${codingKey(from)}\n${codingKey(to)}\n${relationship}`;

/** Crosswalks, each once, by code, target and what the target is. */
const inOrder = (crosswalks: readonly Crosswalk[]): Crosswalk[] =>
  once(crosswalks, buildKey).sort((a, b) => compareTexts(buildKey(a), buildKey(b)));

/** Codes counted at once, before other work has its turn. */
const CODES = 500;

/** Number of codes of a system that each of several releases describes and no larger one does, and the largest one's. */
async function countTogether(system: CodeSystemId, files: readonly ReleaseFile[]): Promise<number> {
  const getCount = (file: ReleaseFile): number => file.facts.concepts[system] ?? 0;
  const [largest, ...others] = [...files].sort((a, b) => getCount(b) - getCount(a));
  if (!largest) return 0;
  let count = getCount(largest);
  for (const [place, file] of others.entries()) {
    const larger = [largest, ...others.slice(0, place)];
    for (let after = ''; ;) {
      const codes = listCodes(file.read('codesAfter', system, after, CODES));
      const last = codes.at(-1);
      if (last === undefined) break;
      count += codes.filter((code) => larger.every((one) => one.read('concept', system, code).length === 0)).length;
      after = last;
      await setImmediate();
    }
  }
  return count;
}

/** Concepts and crosswalks of releases in their layers, read in place. */
export class LayeredTerminology {
  /** By system, those that describe its codes, the highest layer first and of one layer the latest. */
  readonly #describing = new Map<CodeSystemId, ReleaseFile[]>();
  /** By system, those with crosswalks from it, and those with crosswalks to it. */
  readonly #leading = { from: new Map<CodeSystemId, ReleaseFile[]>(), to: new Map<CodeSystemId, ReleaseFile[]>() };
  /** The pairs of code systems that have crosswalks. */
  readonly pairs: readonly CrosswalkPair[];

  /** @param files the highest layer first, and of one layer the latest */
  constructor(files: readonly ReleaseFile[]) {
    const add = (map: Map<CodeSystemId, ReleaseFile[]>, system: CodeSystemId, file: ReleaseFile): void => {
      const held = map.get(system) ?? [];
      if (!held.includes(file)) map.set(system, [...held, file]);
    };
    for (const file of files) {
      for (const system of Object.keys(file.facts.concepts)) add(this.#describing, system as CodeSystemId, file);
      for (const { from, to } of file.facts.crosswalks) {
        add(this.#leading.from, from, file);
        add(this.#leading.to, to, file);
      }
    }
    const all = files.flatMap(({ facts }) => facts.crosswalks);
    const pairs = once(all, ({ from, to }) => `${from} ${to}`);
    this.pairs = pairs.sort((a, b) => compareTexts(a.from, b.from) || compareTexts(a.to, b.to));
  }

  #describingOf(system: CodeSystemId): readonly ReleaseFile[] {
    return this.#describing.get(system) ?? [];
  }

  /** Counts the described codes of each system: a release states its number, and of several together codes are looked up. */
  async countConcepts(): Promise<ReadonlyMap<CodeSystemId, number>> {
    const counts = new Map<CodeSystemId, number>();
    for (const system of [...this.#describing.keys()].sort()) {
      counts.set(system, await countTogether(system, this.#describingOf(system)));
    }
    return counts;
  }

  /** A code's concept in the highest layer, of its releases in the latest. */
  findConcept({ system, code }: Coding): Concept | undefined {
    for (const file of this.#describingOf(system)) {
      const [row] = file.read<ConceptRow>('concept', system, code);
      if (row) return toConcept(system, row, file.place.name);
    }
    return undefined;
  }

  #conceptsAt(system: CodeSystemId, codes: readonly string[]): Concept[] {
    return codes.flatMap((code) => this.findConcept({ system, code }) ?? []);
  }

  listConcepts(system: CodeSystemId, after: string, most: number): Concept[] {
    const lists = this.#describingOf(system).map((file) => listCodes(file.read('codesAfter', system, after, most)));
    return this.#conceptsAt(system, mergeSorted(lists, most));
  }

  #childCodes({ system, code }: Coding): string[] {
    const lists = this.#describingOf(system).map((file) => listCodes(file.read('children', system, code)));
    return mergeSorted(lists, Infinity);
  }

  /** Of a code that several releases describe the highest one counts: it may put the code below another. */
  findChildren({ system, code }: Coding): Concept[] {
    const found: Concept[] = [];
    const higher: ReleaseFile[] = [];
    for (const file of this.#describingOf(system)) {
      for (const row of file.read<ConceptRow>('children', system, code)) {
        const isReplaced = higher.some((one) => one.read('concept', system, row.code).length > 0);
        if (!isReplaced) found.push(toConcept(system, row, file.place.name));
      }
      higher.push(file);
    }
    return found.sort((a, b) => compareTexts(a.code, b.code));
  }

  /** Codes right below each coding, then codes that begin with it, in their order, at most so many of each; a code once. */
  findConceptsBelow(codings: readonly Coding[], most: number): Concept[] {
    const found = new Map<string, Concept>();
    for (const { system, code } of codings) {
      const children = this.#childCodes({ system, code });
      const begun = this.#describingOf(system).map((file) =>
        listCodes(file.read('codesBelow', system, code, code, most)),
      );
      const codes = [...new Set([...children, ...mergeSorted(begun, Infinity)])];
      const others = codes.filter((one) => !found.has(codingKey({ system, code: one })));
      for (const concept of this.#conceptsAt(system, others.slice(0, most))) found.set(codingKey(concept), concept);
    }
    return [...found.values()];
  }

  listCrosswalks({ from, to }: CrosswalkPair, after: string, most: number): Crosswalk[] {
    const files = this.#leading.from.get(from) ?? [];
    const lists = files.map((file) => listCodes(file.read('crosswalkedCodesAfter', from, to, after, most)));
    const last = mergeSorted(lists, most).at(-1);
    if (last === undefined) return [];
    const rows = files.flatMap((file) => file.read<CrosswalkRow>('crosswalksBetween', from, to, after, last));
    return inOrder(rows.map(toCrosswalk));
  }

  findCrosswalks({ system, code }: Coding, end: 'from' | 'to'): Crosswalk[] {
    const files = this.#leading[end].get(system);
    if (!files) return [];
    const statement = end === 'from' ? 'crosswalksFrom' : 'crosswalksTo';
    const rows = files.flatMap((file) => file.read<CrosswalkRow>(statement, system, code));
    return rows.length === 0 ? [] : inOrder(rows.map(toCrosswalk));
  }
}
