import type { Config } from '../config/config.js';
import type { WrittenStore, WrittenVersion } from '../core/model/written-store.js';
import { openConfigured } from './open-served.js';
import type { Out } from './reports/command.js';

/** Versions that are read at once. */
const PAGE = 500;

/** All versions of the log, a page at a time, the earliest first. */
async function* listVersions(written: WrittenStore): AsyncGenerator<WrittenVersion> {
  for (let after = 0; ;) {
    const page = await written.listVersions(after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.sequence;
  }
}

/**
 * Prints every version of every resource that was written over FHIR, a line of JSON each, in the order of writing. A deletion has no
 * `resource`. The site's policy is not applied: these are the site's own data.
 * @returns exit code: 0
 */
export async function exportWritten(config: Config, { stdout }: { readonly stdout: Out }): Promise<number> {
  const { library, written } = await openConfigured({ ...config, sitePolicy: undefined });
  try {
    for await (const { type, id, version, method, writtenAt, content } of listVersions(written)) {
      const resource: unknown = content === undefined ? undefined : JSON.parse(content);
      stdout.write(`${JSON.stringify({ type, id, version, method, writtenAt, resource })}\n`);
    }
    return 0;
  } finally {
    await written.close();
    await library.close();
  }
}
