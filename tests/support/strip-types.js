import { transform } from 'sucrase';

/** The JavaScript of a file of TypeScript. Each line stays where it was, so that no map of lines is needed. */
export function stripTypes(code, path) {
  return transform(code, {
    transforms: path.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'],
    disableESTransforms: true,
    keepUnusedImports: true,
    jsxRuntime: 'automatic',
    jsxImportSource: 'preact',
    production: true,
    filePath: path,
  }).code;
}
