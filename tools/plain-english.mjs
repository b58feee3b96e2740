// The guide's mannered words in comments, names and documents, and comments that do not name their thing: three ESLint rules, and the
// search behind them.
import { readFileSync } from 'node:fs';

const { words, names, allowed } = JSON.parse(readFileSync(new URL('plain-english.json', import.meta.url), 'utf8'));
const PATTERNS = words.map(({ pattern, write }) => ({ pattern: new RegExp(`\\b(?:${pattern})\\b`, 'gi'), write }));

/** Whether a match lies inside an allowed phrase of the same text. */
function isAllowed(text, start, end, path) {
  return allowed.some((use) => {
    if (use.path !== undefined && !path.endsWith(use.path)) return false;
    for (let at = text.indexOf(use.phrase); at >= 0; at = text.indexOf(use.phrase, at + 1)) {
      if (at <= start && at + use.phrase.length >= end) return true;
    }
    return false;
  });
}

/** The mannered words of a text, each with what to write instead; `path` decides which allowed uses apply. */
function findWords(text, path) {
  return PATTERNS.flatMap(({ pattern, write }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: word, index }) =>
      isAllowed(text, index, index + word.length, path) ? [] : [{ word, write }],
    ),
  );
}

/** The prose of a comment: on one line, without the names of code that it quotes or documents. */
function readProse(comment) {
  const line = comment.replace(/\s*\n\s*(\*\s*)?/g, ' ');
  return line.replace(/`[^`]*`/g, '``').replace(/@param \S+/g, '@param');
}

/** The mannered words in a Markdown text, outside code, as `word; write: …`. */
function findWordsInDocument(markdown, path) {
  const prose = markdown.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '``');
  return findWords(prose.replace(/\s+/g, ' '), path).map(({ word, write }) => `${word}; write: ${write}`);
}

const rule = {
  meta: { type: 'suggestion', schema: [], messages: { word: '"{{word}}" in a comment; write: {{write}}' } },
  create: (context) => ({
    Program: () => {
      for (const comment of context.sourceCode.getAllComments()) {
        const text = readProse(comment.value);
        for (const data of findWords(text, context.filename)) {
          context.report({ loc: comment.loc, messageId: 'word', data });
        }
      }
    },
  }),
};

const nameRule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: '"{{name}}" tells no reader what it is; write: {{write}}' },
  },
  create: (context) => ({
    Program: () => {
      for (const { variables } of context.sourceCode.scopeManager.scopes) {
        for (const { name, identifiers } of variables) {
          if (Object.hasOwn(names, name))
            for (const { loc } of identifiers)
              context.report({ loc, messageId: 'name', data: { name, write: names[name] } });
        }
      }
    },
  }),
};

/** A comment names its thing by a noun: "Answer of a worker.", not "What a worker answers.". */
const beginningRule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { beginning: 'a comment begins with "{{word}}"; begin with the noun that names the thing' },
  },
  create: (context) => ({
    Program: () => {
      let lastLine = 0;
      for (const { type, value, loc } of context.sourceCode.getAllComments()) {
        const isAlone = context.sourceCode.lines[loc.start.line - 1].slice(0, loc.start.column).trim() === '';
        const isContinued = type === 'Line' && isAlone && loc.start.line === lastLine + 1;
        lastLine = type === 'Line' ? loc.end.line : 0;
        const [, word] = /^[*\s]*(What|Whose|Whatever|That)\b/.exec(value) ?? [];
        if (word !== undefined && !isContinued) context.report({ loc, messageId: 'beginning', data: { word } });
      }
    },
  }),
};

export default { rule, nameRule, beginningRule, findWordsInDocument };
