import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The regular expressions that are written in a source: text, source, flags, and the place of the first. */
export function listLiteralsIn(code, file, into = new Map()) {
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral && !into.has(node.text)) {
      const end = node.text.lastIndexOf('/');
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      into.set(node.text, {
        text: node.text,
        source: node.text.slice(1, end),
        flags: node.text.slice(end + 1),
        place: `${file}:${line + 1}`,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return into;
}

/** The different literals of all sources. */
export function listLiterals(folder) {
  const found = new Map();
  for (const entry of readdirSync(folder, { recursive: true }).sort()) {
    const file = join(folder, entry);
    if (/\.tsx?$/.test(file)) listLiteralsIn(readFileSync(file, 'utf8'), file, found);
  }
  return [...found.values()];
}

/** Quantifiers of more than so many repetitions are read by recheck. */
const FEW = 20;

/** Whether each part of a pattern is repeated a few times at most: then it is linear whatever it is. */
export function isBounded(source) {
  const plain = source.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 'c');
  const most = [...plain.matchAll(/\{(\d+)(?:(,)(\d*))?\}/g)].map(([, least, comma, bound]) =>
    comma ? Number(bound || Infinity) : Number(least),
  );
  return !/[*+]/.test(plain) && most.every((bound) => bound <= FEW);
}
