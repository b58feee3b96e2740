import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Steps } from '../core/give-way.js';
import { mapSteps } from '../core/give-way.js';
import { isCodeSystemId } from '../core/codes/code-systems.js';
import { codingKey } from '../core/codes/concept.js';
import type { StatementKind } from '../core/answer/stated-otherwise.js';
import { STATEMENT_KINDS } from '../core/answer/title-facts.js';
import type { TitleFacts } from '../core/answer/title-facts.js';
import { TitleWords } from '../core/answer/title-words.js';
import { inOneStep, readInSteps } from '../core/read-once.js';

const isStatement = (text: string): text is StatementKind => STATEMENT_KINDS.some((kind) => kind === text);

const list = (cell: string, separator: string): string[] => (cell === '' ? [] : cell.split(separator));

/**
 * Lines without the header. Cells contain folded words and codes, never a comma or a quote, so parsing is fast at the
 * server's start.
 */
function readLines(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').slice(1, -1);
}

function* readWords(path: string): Steps<TitleWords> {
  const articles = yield* mapSteps(readLines(path), (line) => {
    const [article = '', ofTitles = '', names = '', kin = ''] = line.split(',');
    return { article, words: list(ofTitles, ' '), names: list(names, '|'), kin: list(kin, '|') };
  });
  return yield* TitleWords.inSteps(articles);
}

function readStating(path: string): TitleFacts['stating'] {
  const codes = readLines(path).flatMap((line) => {
    const [system = '', code = '', statement = ''] = line.split(',');
    return isCodeSystemId(system) && isStatement(statement) ? [[codingKey({ system, code }), statement] as const] : [];
  });
  return new Map(codes);
}

/** Cached folders, shared by the libraries of one process. */
const opened = new Map<string, TitleFacts>();

/**
 * What titles are checked against, from `titles/` of the resources (`words.csv`, `stating-codes.csv`): each file is read when it is first
 * needed, once per process. Empty if the files are missing: titles are then not checked.
 */
export function readTitleFacts(resourcesDir: string): { readonly titleFacts?: TitleFacts } {
  const [words, stating] = ['words.csv', 'stating-codes.csv'].map((name) => join(resourcesDir, 'titles', name)) as [
    string,
    string,
  ];
  const known = opened.get(resourcesDir);
  if (known) return { titleFacts: known };
  if (!existsSync(words) || !existsSync(stating)) return {};
  const titleFacts = readInSteps<Pick<TitleFacts, 'words' | 'stating'>>({
    words: () => readWords(words),
    stating: () => inOneStep(() => readStating(stating)),
  });
  opened.set(resourcesDir, titleFacts);
  return { titleFacts };
}
