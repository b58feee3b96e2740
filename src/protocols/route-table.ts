import { getOrAdd } from '../core/remember.js';
import { findOwn } from '../core/find-own.js';

/** A row that is found by its address. */
export interface Addressed {
  /** An exact path, or one with parameters: `/fhir/DocumentReference/:id`; `/fhir/*rest` is whatever else lies below. */
  readonly path: string;
  /** Forms of a parameter's value for the row to be found, by its name; undefined: anything. */
  readonly forms?: Readonly<Record<string, RegExp>> | undefined;
}

/** A row, and the values of its path's parameters, decoded. */
export interface FoundRow<Row> {
  readonly row: Row;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** The escapes of a parameter mean nothing: there are no values. */
  readonly isMalformed?: true;
}

interface Branch<Row> {
  readonly literals: Map<string, Branch<Row>>;
  /** Parameters that may stand here, by their names. */
  readonly parameters: Map<string, { readonly form: RegExp | undefined; readonly branch: Branch<Row> }>;
  row?: Row;
  /** The row of all that is not found below, and its parameter's name. */
  rest?: { readonly row: Row; readonly name: string };
}

/** A segment of a path that was sent; `text` is undefined where its escapes mean nothing. */
interface Segment {
  readonly text: string | undefined;
}

const createBranch = <Row>(): Branch<Row> => ({ literals: new Map(), parameters: new Map() });

function readSegment(sent: string): Segment {
  if (!sent.includes('%')) return { text: sent };
  try {
    return { text: decodeURIComponent(sent) };
  } catch {
    return { text: undefined };
  }
}

/**
 * The one lookup of what answers at an address. Exact addresses are found as they are spelt; the others segment by segment, each
 * decoded once, literal ones before parameters. A slash at the end is ignored, and so are empty segments below a `*`.
 */
export class RouteTable<Row extends Addressed> {
  readonly rows: readonly Row[];
  readonly #exact = new Map<string, FoundRow<Row>>();
  readonly #root = createBranch<Row>();

  /** @throws Error where two rows have one address */
  constructor(rows: readonly Row[]) {
    this.rows = rows;
    for (const row of rows) this.#add(row);
  }

  #add(row: Row): void {
    let branch = this.#root;
    for (const segment of row.path.split('/').slice(1)) {
      const name = segment.slice(1);
      if (segment.startsWith('*')) {
        branch.rest = { row, name };
        return;
      }
      const form = findOwn(row.forms, name);
      if (segment.startsWith(':')) {
        branch = getOrAdd(branch.parameters, name, () => ({ form, branch: createBranch<Row>() })).branch;
      } else if (segment !== '') branch = getOrAdd(branch.literals, segment, createBranch<Row>);
    }
    if (branch.row) throw new Error(`two routes have the address ${row.path}`);
    branch.row = row;
    if (!row.path.includes(':')) this.#exact.set(row.path, { row, pathParameters: {} });
  }

  /** Finds the row of a path; undefined where nothing is. @param path as it was sent, without its query */
  find(path: string): FoundRow<Row> | undefined {
    const exact = this.#exact.get(path) ?? (path.endsWith('/') ? this.#exact.get(path.slice(0, -1)) : undefined);
    if (exact || !path.startsWith('/')) return exact;
    const sent = path.slice(1, path.endsWith('/') ? -1 : undefined).split('/');
    const found = search(this.#root, sent.map(readSegment), []);
    if (!found) return undefined;
    const { row, values } = found;
    if (values.some(([, text]) => text === undefined)) return { row, pathParameters: {}, isMalformed: true };
    return { row, pathParameters: Object.fromEntries(values) as Record<string, string> };
  }
}

type Values = readonly (readonly [name: string, text: string | undefined])[];

function search<Row>(
  branch: Branch<Row>,
  sent: readonly Segment[],
  values: Values,
): { row: Row; values: Values } | undefined {
  const { rest } = branch;
  const segments = rest ? sent.filter(({ text }) => text !== '') : sent;
  const [first, ...more] = segments;
  if (!first) {
    if (branch.row) return { row: branch.row, values };
  } else {
    const literal = first.text === undefined ? undefined : branch.literals.get(first.text);
    const below = literal && search(literal, more, values);
    if (below) return below;
    for (const [name, { form, branch: next }] of branch.parameters) {
      const isMet = first.text === undefined || (first.text !== '' && (form?.test(first.text) ?? true));
      const found = isMet ? search(next, more, [...values, [name, first.text]]) : undefined;
      if (found) return found;
    }
  }
  if (!rest) return undefined;
  const texts = segments.map(({ text }) => text);
  const remainder = texts.includes(undefined) ? undefined : texts.join('/');
  return { row: rest.row, values: [...values, [rest.name, remainder]] };
}
