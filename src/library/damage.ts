import type { LibraryDatabase } from '../store/library-database.js';
import { hasFile, isRebuilt, listReleases, type StoredRelease } from '../store/release-store.js';

/** A file of a release on this machine that is not whole. */
export interface DamagedRelease {
  readonly release: StoredRelease;
  readonly path: string;
  readonly reason: string;
}

/** Returns the damaged files of releases that are in use or retained. It reads all of each; nothing is changed. */
export async function findDamagedReleases(database: LibraryDatabase): Promise<DamagedRelease[]> {
  const reader = await database.openReader();
  try {
    const damaged: DamagedRelease[] = [];
    for (const release of (await listReleases(reader)).filter(hasFile)) {
      const reason = await reader.releases.findDamage(release);
      if (reason !== undefined) damaged.push({ release, path: reader.releases.buildPath(release.file), reason });
    }
    return damaged;
  } finally {
    await reader.close();
  }
}

/** The line that names a damaged file, and the way out. */
export function describeDamage({ release, path, reason }: DamagedRelease): string {
  const wayOut = isRebuilt(release) ? '`education-connect build` builds it anew' : 'restore a backup';
  return `the file of release ${release.name} is damaged: ${path}: ${reason}; ${wayOut}`;
}
