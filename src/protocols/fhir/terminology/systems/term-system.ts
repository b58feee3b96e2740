import type {
  CodeSystem,
  CodeSystemConcept,
  CodeSystemConceptDesignation,
  CodeSystemConceptProperty,
} from '@medplum/fhirtypes';

/** A concept of a code system, wherever it comes from. */
export interface TermConcept {
  readonly code: string;
  readonly display: string | undefined;
  readonly definition?: string | undefined;
  readonly inactive: boolean;
  readonly designations: readonly CodeSystemConceptDesignation[];
  readonly properties: readonly CodeSystemConceptProperty[];
  /** Codes right above it. */
  readonly parents: readonly string[];
}

/** A code without a name or properties. */
export function createNamelessConcept(code: string, parent?: string): TermConcept {
  const parents = parent === undefined ? [] : [parent];
  return { code, display: undefined, inactive: false, designations: [], properties: [], parents };
}

/** A code system that the library, or the program itself, holds. */
export interface TermSystem {
  /** The resource without its concepts. */
  readonly header: CodeSystem;
  readonly url: string;
  readonly version: string | undefined;
  /** A code that is not found does not exist: the concepts are all there. */
  readonly isComplete: boolean;
  /** Of a code's several official names only one is held: another that is sent with it may be right. */
  readonly holdsOneName?: boolean;
  /** The command that brings what is missing, where there is one. */
  readonly remedy?: string | undefined;
  /**
   * A code that is not held, as a concept without a name, where the system is held in part and the code may be one of it.
   * Undefined where it cannot be: the system is complete, or its codes are written otherwise.
   */
  readonly assume: (code: string) => TermConcept | undefined;
  /** How the system writes a code; undefined where it cannot be one of it. */
  readonly normalize: (code: string) => string | undefined;
  readonly find: (code: string) => TermConcept | undefined;
  /**
   * A concept without a name, with the one that another system has for what it stands for, and a property that tells whose it is;
   * undefined where none has. To be shown: no display that is sent is judged by it.
   */
  readonly borrowName?: (concept: TermConcept) => TermConcept | undefined;
  readonly findEach: (codes: readonly string[]) => ReadonlyMap<string, TermConcept>;
  /** Codes above, the nearest first; known for codes that are not described, too, where the code itself tells. */
  readonly ancestors: (code: string) => readonly string[];
  readonly children: (code: string) => readonly TermConcept[];
  /** All below a code, each once. @throws RequestError `too-costly` */
  readonly descendants: (code: string) => readonly TermConcept[];
  /** @throws RequestError `too-costly` */
  readonly all: () => Promise<readonly TermConcept[]>;
}

/** A complete code system without a hierarchy. */
export const createFlatSystem = (
  header: CodeSystem,
  findEach: TermSystem['findEach'],
  all: TermSystem['all'],
): TermSystem => ({
  header,
  url: header.url ?? '',
  version: header.version,
  isComplete: true,
  assume: () => undefined,
  normalize: (code) => code,
  find: (code) => findEach([code]).get(code),
  findEach,
  ancestors: () => [],
  children: () => [],
  descendants: () => [],
  all,
});

const toConcept = ({ code, display, definition, designation = [] }: CodeSystemConcept): TermConcept => ({
  ...createNamelessConcept(code),
  display,
  definition,
  designations: designation,
});

/** A small code system without a hierarchy, whose concepts are in its resource. */
export function createResourceSystem({ concept = [], ...header }: CodeSystem): TermSystem {
  const concepts = new Map(concept.map((one) => [one.code, toConcept(one)]));
  return createFlatSystem(
    header,
    (codes) => new Map(codes.flatMap((code) => concepts.get(code) ?? []).map((one) => [one.code, one])),
    async () => [...concepts.values()],
  );
}

/** `url|version`, or the address alone. */
export function toCanonical(url: string, version: string | undefined): string {
  return version === undefined ? url : `${url}|${version}`;
}

/** A canonical address and its version. */
export function splitCanonical(canonical: string): { url: string; version: string | undefined } {
  const [url = '', version] = canonical.split('|');
  return { url, version: version === '' ? undefined : version };
}

const hintImport = ({ remedy }: TermSystem): string =>
  remedy === undefined ? '' : `; '${remedy}' imports the whole system`;

/**
 * Explains a code that is unknown, behind the address of its system: the system's version; where only a fragment of it
 * is held, that the code may exist, and how to import the rest; or that the system's codes have another form.
 */
export function explainUnknownCode(system: TermSystem, code: string): string {
  const { version, isComplete } = system;
  if (isComplete) return version === undefined ? '' : ` version '${version}'`;
  if (!system.assume(code)) return ': codes of this system have another form';
  return `: only a fragment of it is held here, so the code may exist${hintImport(system)}`;
}

/** Explains a code that is mapped, but whose name is its publisher's and not part of the library. */
export const explainNamelessCode = (system: TermSystem): string =>
  `: the code is mapped to articles, but its name belongs to the publisher of ${system.header.title ?? 'the system'} and is not held here${hintImport(system)}`;
