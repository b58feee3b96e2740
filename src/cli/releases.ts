import type { Config } from '../config.js';
import { ReleaseError, Releases } from '../library/releases.js';
import type { Streams } from './streams.js';

/** Lists the library's releases, the latest first: which are in use, and which are kept to go back to. */
export function listAllReleases(config: Config, { stdout }: Pick<Streams, 'stdout'>): number {
  const releases = new Releases({ ...config, readOnly: false });
  try {
    for (const { layer, source, name, builtOn, state, isActive, activatedAt } of releases.list()) {
      const use = isActive ? 'in use' : state === 'ready' ? 'kept' : state;
      stdout.write(
        `${use.padEnd(8)} ${layer.padEnd(9)} ${source.padEnd(14)} ${builtOn} ${activatedAt ?? ''} ${name}\n`,
      );
    }
    return 0;
  } finally {
    releases.close();
  }
}

/**
 * Returns a source to the release before, or takes out its first import.
 * @returns exit code: 0, or 1 where there is nothing to go back from or to
 */
export function rollback(config: Config, source: string, to: string | undefined, { stdout, stderr }: Streams): number {
  const releases = new Releases({ ...config, readOnly: false });
  try {
    const active = releases.rollback(source, to);
    stdout.write(active ? `${active.name} is in use again\n` : `${source} is no longer in the library\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    releases.close();
  }
}
