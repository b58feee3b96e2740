import { hash } from 'node:crypto';
import swc from '@swc/jest';

/** The language's own names, which no test replaces; `Date` and timers are not among them, since fake ones take their place. */
const NAMES = [
  ...[
    'Array',
    'ArrayBuffer',
    'BigInt',
    'Boolean',
    'Error',
    'Float64Array',
    'Int32Array',
    'Intl',
    'JSON',
    'Map',
    'Math',
  ],
  ...[
    'Number',
    'Object',
    'Promise',
    'Proxy',
    'Reflect',
    'RegExp',
    'Set',
    'String',
    'Symbol',
    'TypeError',
    'Uint16Array',
  ],
  ...['Uint32Array', 'Uint8Array', 'WeakMap', 'WeakSet', 'decodeURIComponent', 'encodeURIComponent'],
  ...['Buffer', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams'],
];

/**
 * Gives a module the globals that it names as constants of its own. In a sandbox of node:vm each look at a global takes 130 ns, a
 * hundred times as long as elsewhere, and where much is computed this is a third of it. On the first line: no line moves.
 */
function withConstants({ code, ...rest }) {
  const isNamed = (name) => new RegExp(`(?<![.\\w$])${name}\\b`).test(code);
  const isOwn = (name) => new RegExp(`\\bimport\\b[^;'"]*\\b${name}\\b|\\b(?:class|const|let) ${name}\\b`).test(code);
  const names = NAMES.filter((name) => isNamed(name) && !isOwn(name));
  return { ...rest, code: names.length === 0 ? code : `const { ${names.join(', ')} } = globalThis;${code}` };
}

/** TypeScript as swc compiles it, made ready for Jest's sandbox. */
export default {
  createTransformer(options) {
    const typescript = swc.createTransformer(options);
    return {
      ...typescript,
      process: (...asked) => withConstants(typescript.process(...asked)),
      processAsync: async (...asked) => withConstants(await typescript.processAsync(...asked)),
      getCacheKey: (...asked) => hash('sha1', `${NAMES.join(' ')} ${typescript.getCacheKey(...asked)}`),
    };
  },
};
