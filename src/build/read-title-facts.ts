import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCodeSystemId } from '../core/codes/code-systems.js';
import { codingKey } from '../core/codes/concept.js';
import type { StatementKind } from '../core/answer/stated-otherwise.js';
import { STATEMENT_KINDS } from '../core/answer/title-facts.js';
import type { TitleFacts } from '../core/answer/title-facts.js';
import { TitleWords } from '../core/answer/title-words.js';

const isStatement = (text: string): text is StatementKind => STATEMENT_KINDS.some((kind) => kind === text);

const list = (cell: string, separator: string): string[] => (cell === '' ? [] : cell.split(separator));

/**
 * Lines without the header. Cells contain folded words and codes, never a comma or a quote, so parsing is fast at the
 * server's start.
 */
function readLines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(1, -1);
}

/** Cached folders, shared by the libraries of one process. */
const read = new Map<string, ReturnType<typeof readFolder>>();

/**
 * Reads `titles/` of the resources (`words.csv`, `stating-codes.csv`), once per process. Empty if the files are
 * missing: titles are then not checked.
 */
export function readTitleFacts(resourcesDir: string): { readonly titleFacts?: TitleFacts } {
  const facts = read.get(resourcesDir) ?? readFolder(resourcesDir);
  read.set(resourcesDir, facts);
  return facts;
}

function readFolder(resourcesDir: string): { readonly titleFacts?: TitleFacts } {
  const folder = join(resourcesDir, 'titles');
  const [words, stating] = [join(folder, 'words.csv'), join(folder, 'stating-codes.csv')];
  if (!existsSync(words) || !existsSync(stating)) return {};
  const articles = readLines(words).map((line) => {
    const [article = '', ofTitles = '', names = '', kin = ''] = line.split(',');
    return { article, words: list(ofTitles, ' '), names: list(names, '|'), kin: list(kin, '|') };
  });
  const codes = readLines(stating).flatMap((line) => {
    const [system = '', code = '', statement = ''] = line.split(',');
    return isCodeSystemId(system) && isStatement(statement) ? [[codingKey({ system, code }), statement] as const] : [];
  });
  return { titleFacts: { words: new TitleWords(articles), stating: new Map(codes) } };
}
