// Writes docs/bruno anew.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCollection } from './collection.mjs';

const folder = new URL('../../docs/bruno/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
for (const [path, text] of Object.entries(buildCollection())) {
  const file = fileURLToPath(new URL(path, folder));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
