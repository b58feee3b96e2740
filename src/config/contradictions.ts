import type { Config } from './config.js';

/** A setting that another one makes pointless, for the log: which, and why. */
export interface Contradiction {
  readonly setting: string;
  readonly why: string;
}

type Checked = Pick<
  Config,
  'ehrs' | 'recordKeeping' | 'authorization' | 'cdsHooks' | 'frameAncestors' | 'publicUrl' | 'libraryReadOnly'
>;

/** Returns the settings that contradict each other: each is valid by itself, and does not what the site expects. */
export function listContradictions(config: Checked): Contradiction[] {
  const { ehrs, recordKeeping, authorization, cdsHooks, frameAncestors, publicUrl, libraryReadOnly } = config;
  const found: Contradiction[] = [];
  const add = (isFound: boolean, setting: string, why: string): void => {
    if (isFound) found.push({ setting, why });
  };
  const record = 'HANDED_OVER_OWNER';
  add(
    recordKeeping !== undefined && ehrs.length === 0,
    record,
    'nothing is recorded: only launches record, and EHRS_FILE names no EHR',
  );
  add(recordKeeping !== undefined && libraryReadOnly, record, 'nothing is recorded: LIBRARY_READ_ONLY is set');
  for (const { iss, writeBack, writesSensitive } of ehrs)
    add(
      writesSensitive && writeBack.length === 0,
      `EHRS_FILE: writesSensitive of ${iss}`,
      'nothing is written: writeBack is none',
    );
  const isClosed = authorization?.closed.has('page') === true;
  add(
    isClosed && (ehrs.length > 0 || cdsHooks.clients.length > 0),
    'REQUIRE_AUTHENTICATION',
    'it closes pages: links of cards and titles of launched lists end at 401',
  );
  const isFramed = /https?:/.test(frameAncestors);
  add(
    isFramed && ehrs.length > 0 && publicUrl?.startsWith('https:') !== true,
    'FRAME_ANCESTORS',
    'launches fail in a frame: browsers send no cookie there without https (PUBLIC_URL)',
  );
  return found;
}
