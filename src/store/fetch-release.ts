import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Queries } from './connection.js';
import type { FinishedFile, ReleaseFolder } from './release-folder.js';
import { hasFile, type StoredRelease } from './release-store.js';

/** The stored bytes of a file do not have its digest, or are incomplete. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/** Bytes read at once: their decoding and hashing holds the process for some milliseconds. */
const PIECE_BYTES = 256 * 1024;

/** The bytes of a file, in pieces. */
async function* readPieces(db: Queries, file: string): AsyncGenerator<Uint8Array> {
  const sql = `SELECT length(bytes) AS size, substr(bytes, $3, ${PIECE_BYTES}) AS piece FROM release_part
    WHERE file = $1 AND part = $2`;
  for (let part = 0; ; part += 1) {
    for (let from = 1, size = 1; from <= size; from += PIECE_BYTES) {
      const [row] = await db.all<{ size: number; piece: Uint8Array }>(sql, file, part, from);
      if (!row) return;
      ({ size } = row);
      yield row.piece;
    }
  }
}

/**
 * Fetches the file of a release into the folder of this machine, where it is not there yet: it has its name once it is whole, of the
 * digest that it should have, and on the disk.
 * @throws DamagedFileError, or what the store or the disk throws
 */
async function fetchFile(
  db: Queries,
  folder: ReleaseFolder,
  wanted: FinishedFile & { name: string },
  readsAll: boolean,
): Promise<void> {
  const damage = readsAll ? await folder.findDamage(wanted) : undefined;
  if (damage === undefined && folder.has(wanted)) return;
  const path = folder.newPath();
  try {
    const hash = createHash('sha256');
    const target = await open(path, 'wx');
    try {
      for await (const bytes of readPieces(db, wanted.file)) {
        hash.update(bytes);
        await target.writeFile(bytes);
      }
    } finally {
      await target.close();
    }
    if (hash.digest('hex') !== wanted.file) {
      const reason = damage === undefined ? '' : `: ${damage}`;
      throw new DamagedFileError(
        `the file of release ${wanted.name} is not there whole: ${folder.buildPath(wanted.file)}${reason}`,
      );
    }
    await folder.put(path, wanted);
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Fetches the files of releases that are in use or retained.
 * @param readsAll compares the digest of every file that is there, and fetches a damaged one again; else its size alone
 */
export async function fetchFiles(
  db: Queries,
  folder: ReleaseFolder,
  releases: readonly StoredRelease[],
  readsAll = false,
): Promise<void> {
  for (const release of releases.filter(hasFile)) await fetchFile(db, folder, release, readsAll);
}

/** Whether the stored bytes of a file have its digest. Rejects if they cannot be read. */
export async function hasStoredFile(db: Queries, { file }: FinishedFile): Promise<boolean> {
  const hash = createHash('sha256');
  for await (const bytes of readPieces(db, file)) hash.update(bytes);
  return hash.digest('hex') === file;
}
