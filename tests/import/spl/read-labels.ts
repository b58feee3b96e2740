import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readLabel } from '../../../src/import/spl/read-label.js';
import { temporaryFolder } from '../../support/connector.js';
import { DATA } from '../../support/shared-data.js';
import { fileOf } from '../import-place.js';

/** The XML documents of the real labels that lie beside the project, with their names. */
export function readLabelFiles(): (readonly [name: string, xml: string])[] {
  const { path, remove } = temporaryFolder();
  try {
    execFileSync('tar', ['-xJf', `${DATA}/spl/labels.tar.xz`, '-C', path]);
    const unpacked = readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')] as const);
    const single = readdirSync(`${DATA}/spl`).filter((name) => name.endsWith('.xml.gz'));
    const others = single.map((name) => [name, gunzipSync(readFileSync(`${DATA}/spl/${name}`)).toString()] as const);
    return [...unpacked, ...others];
  } finally {
    remove();
  }
}

/** The text of each label's leaflet as HTML; labels without one are left out. */
export async function readLeaflets(): Promise<(readonly [name: string, html: string])[]> {
  const leaflets: (readonly [string, string])[] = [];
  for (const [name, xml] of readLabelFiles()) {
    const { sections } = await readLabel(fileOf(name, xml));
    const html = sections.map((section) => section.html).join('\n');
    if (html !== '') leaflets.push([name, html]);
  }
  return leaflets;
}
