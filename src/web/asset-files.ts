import { hash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { findOwn } from '../core/find-own.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly contentType: string;
  readonly content: string;
  /** Digest of the content: what stands at an address that names it never changes. */
  readonly version: string;
}

/** Our pages' own style sheet, scripts and icon, by file name. */
export type Assets = ReadonlyMap<string, Asset>;

const VERSION_CHARS = 10;

/** Reads the files of resources/web. */
export function loadAssets(resourcesDir: string): Assets {
  const folder = join(resourcesDir, 'web');
  return new Map(
    readdirSync(folder).flatMap((name): [string, Asset][] => {
      const contentType = findOwn(CONTENT_TYPES, extname(name));
      if (contentType === undefined) return [];
      const content = readFileSync(join(folder, name), 'utf8');
      const version = hash('sha256', content).slice(0, VERSION_CHARS);
      return [[name, { contentType, content, version }]];
    }),
  );
}

/** The address of a file, with its version. */
export const assetAddress = (assets: Assets, name: string): string =>
  `/assets/${name}?v=${assets.get(name)?.version ?? ''}`;
