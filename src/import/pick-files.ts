import type { InputFile } from './import-source.js';
import { oneFile } from './import-source.js';

/** The one file whose name fits, where there is one; more than one is an error that says what was looked for. */
export function fileIfThere(files: readonly InputFile[], pattern: RegExp, wanted: string): InputFile | undefined {
  return files.some(({ name }) => pattern.test(name)) ? oneFile(files, pattern, wanted) : undefined;
}
