/** A list of numbers that grows in place: hundreds of thousands of concepts as objects would fill the memory. */
class GrowingIndexes {
  #values = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length] = value;
    this.length += 1;
  }

  readonly at = (place: number): number => this.#values[place] ?? 0;
}

/** The pages of a concept's own rows: a page, a page on a grave subject, none on purpose; undefined: it has no row. */
export type PagesOfRow = 'page' | 'grave' | 'none' | undefined;

/** The children of each concept of a graph. */
class Children {
  readonly #starts: Uint32Array;
  readonly #list: Uint32Array;

  constructor(size: number, children: GrowingIndexes, parents: GrowingIndexes) {
    const counts = new Uint32Array(size + 1);
    for (let at = 0; at < parents.length; at += 1) counts[parents.at(at) + 1] = (counts[parents.at(at) + 1] ?? 0) + 1;
    for (let index = 0; index < size; index += 1) counts[index + 1] = (counts[index + 1] ?? 0) + (counts[index] ?? 0);
    this.#starts = counts;
    this.#list = new Uint32Array(parents.length);
    const next = counts.slice();
    for (let at = 0; at < parents.length; at += 1) {
      const place = next[parents.at(at)] ?? 0;
      this.#list[place] = children.at(at);
      next[parents.at(at)] = place + 1;
    }
  }

  readonly of = (index: number): Uint32Array => this.#list.subarray(this.#starts[index], this.#starts[index + 1]);
}

/** Walks down from some concepts, the nearest first; `enter` returns false for a concept that is not walked through. */
function walkDown(
  from: readonly number[],
  children: Children,
  enter: (child: number, parent: number) => boolean,
): void {
  const queue = [...from];
  for (const parent of queue) for (const child of children.of(parent)) if (enter(child, parent)) queue.push(child);
}

const NO_ORIGIN = 0xffffffff;

/**
 * The concepts of a code system and what each is a kind of, perhaps of several. Codes are stored as 64-bit numbers and relations as indexes.
 */
export class ConceptGraph {
  readonly #codes: BigUint64Array;
  readonly #children = new GrowingIndexes();
  readonly #parents = new GrowingIndexes();

  /** @param codes digits alone, in any order */
  constructor(codes: readonly string[]) {
    this.#codes = BigUint64Array.from(codes, BigInt).sort();
  }

  #indexOf(code: string): number | undefined {
    if (!/^\d{1,19}$/.test(code)) return undefined;
    const wanted = BigInt(code);
    let [low, high] = [0, this.#codes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#codes[middle] ?? 0n) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#codes[low] === wanted ? low : undefined;
  }

  readonly #codeAt = (index: number): string => String(this.#codes[index] ?? 0n);

  /** States that one concept is a kind of another. Relations of unknown concepts are left out. */
  addParent(child: string, parent: string): void {
    const [from, to] = [this.#indexOf(child), this.#indexOf(parent)];
    if (from === undefined || to === undefined) return;
    this.#children.push(from);
    this.#parents.push(to);
  }

  /** The roots and the concepts right below them: classes, from which nothing is inherited. */
  #findClasses(roots: ReadonlySet<string>, children: Children): ReadonlySet<number> {
    const classes = new Set<number>();
    for (const root of roots) {
      const index = this.#indexOf(root);
      if (index === undefined) continue;
      classes.add(index);
      for (const child of children.of(index)) classes.add(child);
    }
    return classes;
  }

  /**
   * Finds for each concept without a row its nearest ancestor with a page, as pairs of codes. Nothing is inherited from the roots and what is right
   * below them, from an ancestor without a page on purpose, nor by anything below a page on a grave subject, by whatever way.
   */
  *inherit(findRow: (code: string) => PagesOfRow, roots: ReadonlySet<string>): Generator<readonly [string, string]> {
    const children = new Children(this.#codes.length, this.#children, this.#parents);
    const classes = this.#findClasses(roots, children);
    const sources: Record<'page' | 'grave' | 'none', number[]> = { page: [], grave: [], none: [] };
    const origins = new Uint32Array(this.#codes.length).fill(NO_ORIGIN);
    for (let index = 0; index < origins.length; index += 1) {
      const kind = classes.has(index) ? undefined : findRow(this.#codeAt(index));
      if (kind === undefined) continue;
      sources[kind].push(index);
      origins[index] = index;
    }
    const isBelowGrave = new Uint8Array(origins.length);
    walkDown(sources.grave, children, (child) => {
      const isNew = isBelowGrave[child] === 0;
      isBelowGrave[child] = 1;
      return isNew;
    });
    walkDown([...sources.page, ...sources.none], children, (child, parent) => {
      if (origins[child] !== NO_ORIGIN || classes.has(child)) return false;
      origins[child] = origins[parent] ?? NO_ORIGIN;
      return true;
    });
    const pages = new Set(sources.page);
    for (let index = 0; index < origins.length; index += 1) {
      const origin = origins[index] ?? NO_ORIGIN;
      if (origin !== index && pages.has(origin) && isBelowGrave[index] === 0)
        yield [this.#codeAt(index), this.#codeAt(origin)];
    }
  }
}
