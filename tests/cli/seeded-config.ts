import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/config.js';
import { seedPlaces } from '../library/places.js';

/** A configuration over the seed library in a folder of the test's own, with the project's texts. */
export function seededConfig(folder: string): Config {
  const places = seedPlaces(folder);
  cpSync('resources/i18n', join(places.resourcesDir, 'i18n'), { recursive: true });
  return { ...loadConfig({}), ...places };
}

/** Text that a command writes to its streams. */
export interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

/** Streams that keep what is written, and a way to read it. */
export function keptStreams() {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof Written) => ({ write: (text: string) => (texts[name] += text) });
  return { streams: { stdout: stream('stdout'), stderr: stream('stderr') }, written: (): Written => texts };
}
