import type { Config } from '../config/config.js';
import { ReleaseError, Releases, readReleases } from '../library/releases.js';
import { ReleaseLostError } from '../store/release-store.js';
import type { Streams } from './reports/streams.js';

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
export async function rollback(
  config: Config,
  source: string,
  options: RollbackOptions,
  streams: Streams,
): Promise<number> {
  const { stdout, stderr } = streams;
  const { to, remove = false } = options;
  if (remove && to !== undefined) {
    stderr.write('--to and --remove exclude each other\n');
    return 2;
  }
  if (config.libraryReadOnly) {
    stderr.write('LIBRARY_READ_ONLY is set: nothing was changed\n');
    return 1;
  }
  const releases = await Releases.open({ ...config, readOnly: false });
  try {
    if (remove) {
      await releases.remove(source);
      stdout.write(`${source} is no longer in the library\n`);
    } else {
      stdout.write(`${(await releases.rollback(source, to)).name} is in use again\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ReleaseError || error instanceof ReleaseLostError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await releases.close();
  }
}
