import type { Config } from '../config/config.js';
import { ReleaseError, Releases, readReleases } from '../library/releases.js';
import { ReleaseLostError } from '../store/release-store.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

/** Lists the library's releases, the latest first: those in use, and those retained for a rollback. */
export async function listAllReleases(config: Config, { stdout }: Pick<Streams, 'stdout'>): Promise<number> {
  const releases = await readReleases({ ...config, readOnly: true });
  for (const { layer, source, name, builtOn, state, isActive, activatedAt } of releases) {
    const use = isActive ? 'in use' : state === 'ready' ? 'kept' : state;
    stdout.write(`${use.padEnd(8)} ${layer.padEnd(9)} ${source.padEnd(14)} ${builtOn} ${activatedAt ?? ''} ${name}\n`);
  }
  return 0;
}

export interface RollbackOptions {
  /** Release to return to, instead of the previous one. */
  readonly to?: string;
  /** Removes the source. */
  readonly remove?: boolean;
}

/**
 * Returns a source to its previous release, or removes it.
 * @returns exit code: 0; 1 if there is nothing to roll back from or to; 2 for wrong use
 */
export const rollback = command(
  async (config: Config, source: string, { to, remove = false }: RollbackOptions, { stdout }: Streams) => {
    if (remove && to !== undefined) throw new CommandEnd('--to and --remove exclude each other', 2);
    if (config.libraryReadOnly) throw new CommandEnd('LIBRARY_READ_ONLY is set: nothing was changed');
    const releases = await Releases.open({ ...config, readOnly: false });
    try {
      if (remove) {
        await releases.remove(source);
        stdout.write(`${source} is no longer in the library\n`);
      } else {
        stdout.write(`${(await releases.rollback(source, to)).name} is in use again\n`);
      }
      return 0;
    } finally {
      await releases.close();
    }
  },
  (error) => (error instanceof ReleaseError || error instanceof ReleaseLostError ? error.message : undefined),
);
