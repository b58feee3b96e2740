import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { stripTypes } from '../support/strip-types.js';

/** Lets a plain Node process run the sources as they are, so that tests of several processes need no build. */
export async function resolve(specifier, context, next) {
  // A thread's first file is named by its whole address.
  const isFile = /^(\.|file:).*\.js$/.test(specifier);
  if (isFile && !(context.parentURL ?? specifier).includes('/node_modules/')) {
    for (const ending of ['.ts', '.tsx']) {
      try {
        return await next(specifier.replace(/\.js$/, ending), context);
      } catch {
        // the other ending, then the file as it is named
      }
    }
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!/\.tsx?$/.test(url)) return next(url, context);
  const path = fileURLToPath(url);
  return { format: 'module', source: stripTypes(await readFile(path, 'utf8'), path), shortCircuit: true };
}
