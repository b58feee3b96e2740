import { setImmediate } from 'node:timers/promises';
import { NOTHING_WRITTEN, type WrittenChange, type WrittenRows } from '../core/model/written-store.js';
import type { Queries } from './connection.js';

/** The source of what a site writes over FHIR, and its layer. It is served from the log and has no file (decision 061). */
export const WRITTEN = { layer: 'written', source: 'written' } as const;

export const isWritten = ({ layer, source }: { readonly layer: string; readonly source: string }): boolean =>
  layer === WRITTEN.layer && source === WRITTEN.source;

/** Updates a store of a version that did not serve from the log: the files of written releases are no longer needed. */
export const SERVE_FROM_LOG = `
  UPDATE release SET file = '', bytes = 0 WHERE layer = 'written' AND source = 'written';
  UPDATE release SET state = 'gone' WHERE layer = 'written' AND source = 'written'
    AND id NOT IN (SELECT release FROM active_release);`;

/** Versions read at once; other work has its turn between two reads. */
const BATCH_VERSIONS = 500;

/** The current version of each resource, from a position of the log on, deletions included. */
const SINCE = `
  SELECT v.sequence, v.type, v.id, v.version, v.written_at AS "writtenAt", r.rows
  FROM written_version v
  JOIN written_resource r ON r.type = v.type AND r.id = v.id AND r.version = v.version
  WHERE v.sequence >= $1 ORDER BY v.sequence LIMIT ${BATCH_VERSIONS}`;

/** A written resource that is not deleted, with its rows. */
export interface LoggedResource {
  readonly type: string;
  readonly id: string;
  /** From 1; 0: not written yet. */
  readonly version: number;
  readonly rows: WrittenRows;
}

/** A version in the log. */
interface Position {
  readonly sequence: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** ISO 8601 instant. */
  readonly writtenAt: string;
}

type LogRow = Position & { readonly rows: string | null };

/** Error for a damaged row of a written resource: nothing can be computed from it. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
}

const KINDS = Object.keys(NOTHING_WRITTEN) as readonly (keyof WrittenRows)[];

const isRows = (value: unknown): value is WrittenRows =>
  typeof value === 'object' && value !== null && KINDS.every((kind) => Array.isArray((value as WrittenRows)[kind]));

/** Parses the rows of a version in the log. @throws DamagedLogError, which names the resource */
export function parseRows({ type, id, version }: Pick<Position, 'type' | 'id' | 'version'>, rows: string): WrittenRows {
  try {
    const parsed: unknown = JSON.parse(rows);
    if (isRows(parsed)) return parsed;
  } catch {
    // Reported below, with the name of the resource.
  }
  throw new DamagedLogError(`the rows of ${type}/${id}, version ${version}, are damaged`);
}

export const keyOfResource = ({ type, id }: Pick<LoggedResource, 'type' | 'id'>): string => `${type}/${id}`;

/** Log of a site's writes, up to a position in the store. It never changes: following the log gives another one. */
export class WrittenLog {
  readonly #last: Position | undefined;
  readonly #byKey: ReadonlyMap<string, LoggedResource>;
  #resources: readonly LoggedResource[] | undefined;

  constructor(last?: Position, byKey: ReadonlyMap<string, LoggedResource> = new Map()) {
    this.#last = last;
    this.#byKey = byKey;
  }

  /** The position of the last version, from 1; 0: nothing was written. */
  get sequence(): number {
    return this.#last?.sequence ?? 0;
  }

  /** By type, descending, then by id: what a map states of a code and an article replaces what a handout states. */
  get resources(): readonly LoggedResource[] {
    const order = (a: LoggedResource, b: LoggedResource): number =>
      a.type === b.type ? (a.id < b.id ? -1 : 1) : a.type < b.type ? 1 : -1;
    this.#resources ??= [...this.#byKey.values()].sort(order);
    return this.#resources;
  }

  find(resource: Pick<LoggedResource, 'type' | 'id'>): LoggedResource | undefined {
    return this.#byKey.get(keyOfResource(resource));
  }

  /** Reads what was written since. Returns the same log if nothing was; reads all of it if the store was restored to an earlier state. */
  async follow(db: Queries): Promise<WrittenLog> {
    const next = await this.#readOn(db);
    if (next === this) return next;
    await setImmediate();
    return next.follow(db);
  }

  async #readOn(db: Queries): Promise<WrittenLog> {
    const rows = await db.all<LogRow>(SINCE, this.sequence);
    if (!this.#isContinuedBy(rows)) return EMPTY_LOG.follow(db);
    const newer = rows.filter(({ sequence }) => sequence > this.sequence);
    const last = newer.at(-1);
    if (!last) return this;
    const byKey = new Map(this.#byKey);
    for (const { type, id, version, rows: content } of newer) {
      const key = keyOfResource({ type, id });
      if (content === null) byKey.delete(key);
      else byKey.set(key, { type, id, version, rows: parseRows({ type, id, version }, content) });
    }
    return new WrittenLog(last, byKey);
  }

  /** Whether the last version read is still in the store, or its resource was written again since. */
  #isContinuedBy(rows: readonly LogRow[]): boolean {
    const last = this.#last;
    if (!last) return true;
    return rows.some(
      ({ sequence, type, id, version, writtenAt }) =>
        type === last.type &&
        id === last.id &&
        (sequence === last.sequence
          ? version === last.version && writtenAt === last.writtenAt
          : version > last.version),
    );
  }

  /** Log as it will be after some changes; its position is the same. */
  with(changes: readonly WrittenChange[]): WrittenLog {
    const byKey = new Map(this.#byKey);
    for (const { type, id, content, rows } of changes) {
      if (content === undefined) byKey.delete(keyOfResource({ type, id }));
      else byKey.set(keyOfResource({ type, id }), { type, id, version: 0, rows });
    }
    return new WrittenLog(this.#last, byKey);
  }
}

/** The log before anything was written. */
export const EMPTY_LOG = new WrittenLog();
