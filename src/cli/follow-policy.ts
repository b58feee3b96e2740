import type { Logger } from 'pino';
import type { Library } from '../core/model/library.js';
import { LIMITS } from '../limits.js';
import type { PolicyFile, PolicyNews } from '../build/policy-file.js';
import { findUnknownArticles } from '../build/policy-file.js';
import type { PolicyReading } from '../build/read-policy.js';

/** Maximum faults of a version that are logged individually. */
const MAX_LOGGED_FAULTS = 20;

/** Logs the policy in force, and its lines that name articles missing in the library. */
function logReading(reading: PolicyReading, file: PolicyFile, library: Library, log: Logger): void {
  const { rules, policy } = reading;
  log.info({ file: file.path, rules, version: policy.version }, 'site policy in force');
  try {
    for (const { article, lines } of findUnknownArticles(reading, library)) {
      log.warn({ file: file.path, lines, article }, 'the site policy names an article that the library lacks');
    }
  } catch {
    // The library does not answer now: unknown articles are checked again with the next version.
  }
}

/**
 * Logs the site's policy and takes a new version of its file while the server runs. A faulty one ends nothing: it is named
 * line by line, and the last good one holds.
 * @returns ends it
 */
export function followPolicy(file: PolicyFile, library: Library, log: Logger): () => void {
  if (file.reading.rules > 0) logReading(file.reading, file, library, log);
  const logNews = (news: PolicyNews): void => {
    if (news.kind === 'taken') {
      logReading(news.reading, file, library, log);
      return;
    }
    for (const fault of news.lines.slice(0, MAX_LOGGED_FAULTS)) {
      log.error({ file: file.path, fault }, 'the site policy has a fault: the last valid one stays in force');
    }
    const more = news.lines.length - MAX_LOGGED_FAULTS;
    if (more > 0) log.error({ file: file.path, more }, 'the site policy has more faults: policy check lists all');
  };
  return file.watch(LIMITS.policyEveryMs, logNews);
}
