import { writeFileSync } from 'node:fs';
import type { Coding, Library } from '../../src/core/model/library.js';
import {
  AMBIGUOUS,
  canonicalKey,
  isTellingTerm,
  MOST_CANONICAL_TERMS,
  NARROWING,
} from '../../src/core/titles/canonical-terms.js';
import { getOrAdd } from '../../src/core/remember.js';
import { articlesOfCodings, mondoTitles, ninthTitles, officialTitles } from '../support/title-material.js';
import { read } from '../support/shared-data.js';

/** Codes by the key of a name; several where names differ in what a key leaves out. */
type CodesByKey = Map<string, Set<string>>;

/** A category of ICD. */
const CATEGORY_CHARS = 3;

/** Causes from outside: no name of a condition is one of theirs. */
const OF_CAUSES = /^[V-Y]|^E\d{3}/;

/** A name without such a word states nothing of gender: `Identity disorder`. */
const [OF_GENDER, ON_GENDER] = [/^F64/, /gender|sex|trans/i];

/** Nor one of syphilis: `Charcot's arthropathy` mostly is a diabetic's. */
const [OF_SYPHILIS, ON_SYPHILIS] = [/^A5[0-3]/, /syphil|tabe|luet|gumma|chancr/i];

function add(codes: CodesByKey, name: string, code: string): void {
  const isOther =
    OF_CAUSES.test(code) ||
    (OF_GENDER.test(code) && !ON_GENDER.test(name)) ||
    (OF_SYPHILIS.test(code) && !ON_SYPHILIS.test(name));
  const key = isOther ? '' : canonicalKey(name);
  if (key === '' || key.split(' ').length > MOST_CANONICAL_TERMS) return;
  getOrAdd(codes, key, () => new Set<string>()).add(code);
}

/** The one code of several: the longest beginning that they share, if it is a category at least. */
function joinCodes(codes: ReadonlySet<string>): string | undefined {
  const [first = '', ...others] = codes;
  let shared = first;
  while (others.some((code) => !code.startsWith(shared))) shared = shared.slice(0, -1);
  const code = shared.replace(/\.$/, '');
  return code.length >= CATEGORY_CHARS ? code : undefined;
}

/** Glands that are lymph nodes: without that word a swelling is another thing. */
const OF_NODES = /^(?:L04|I8[89]|R59)/;

/** A name with what stands in parentheses and without it, without the word for a gland, and with one of the parts that it lists. */
function listForms(name: string): string[] {
  const plain = name.replace(/\([^()]*\)/g, ' ');
  const parts = ['muscle', 'tendon'].map((part) =>
    plain.replace(/\bmuscles?(?:,| and) (?:fascia and )?tendons?\b/i, part),
  );
  const others = [plain.replace(/(?<= )glands?\b/i, ' '), ...parts].filter((form) => canonicalKey(form).includes(' '));
  return [...new Set([name, plain, ...others])];
}

/** Forms of one word: `Abdomen, abdominal`. The first stands for all. */
function firstForm(term: string): string {
  const forms = term.split(', ');
  const [first = term] = forms;
  const isOne = forms.every(
    (form) => /^[\w'-]+(?: \(.*)?$/.test(form) && form.slice(0, 4).toLowerCase() === first.slice(0, 4).toLowerCase(),
  );
  return isOne ? first : term;
}

/** Names that are a word as well. */
const IS_WORD = /^burns/i;

/** A term of the index with each of the words that may end it: `Asperger's disease or syndrome` is both. */
function listEndings(term: string): string[] {
  const [, name = '', endings] = /^(.+?) ((?:[\w-]+, ){0,3}[\w-]+ or +[\w-]+)$/.exec(term) ?? [];
  return endings === undefined || IS_WORD.test(name)
    ? []
    : endings.split(/, | or +/).map((ending) => `${name} ${ending}`);
}

/** Terms of ICD-10-CM's index with those above them, alone and with each word that may stand beside; references to other terms, by name. */
function readIndex(): { codes: CodesByKey; references: [name: string, other: string][] } {
  const above: string[] = [];
  const codes: CodesByKey = new Map();
  const references: [string, string][] = [];
  for (const { Level = '', Term = '', See = '', NonEssModif = '', Code = '' } of read(
    'icd10cm/alphabetic-index-2025.csv.gz',
  )) {
    above.length = Number(Level);
    above.push(firstForm(Term));
    const name = above.join(' ').replace(/\([^()]*\)|\bNEC\b|\bNOS\b/g, ' ');
    const code = Code.replace(/[.-]+$/, '');
    const beside = [...NonEssModif.matchAll(/\(([^()]{3,30})\)/g)].map(([, word = '']) => word);
    const names = [...(OF_NODES.test(code) ? [name] : listForms(name)), ...(Level === '0' ? listEndings(Term) : [])];
    if (code !== '')
      for (const one of ['', ...beside.slice(0, 6)]) for (const own of names) add(codes, `${own} ${one}`, code);
    else if (See !== '' && !/by site|condition/i.test(See)) for (const own of names) references.push([own, See]);
  }
  return { codes, references };
}

/** The codes of titles by their keys. */
function readTitles(titles: readonly { readonly code: string; readonly display: string }[]): CodesByKey {
  const codes: CodesByKey = new Map();
  for (const { code, display } of titles) for (const name of listForms(display)) add(codes, name, code);
  return codes;
}

/** Marks of names that are no official title of ICD-10-CM: of the index, of its defaults that say more than the name, of ICD-9-CM. */
type Source = '' | 'index ' | 'default ' | 'icd-9-cm ';

/** Letters that words of one stem share: `dysthymia` and `dysthymic`. */
const STEM_CHARS = 6;
const hasStem = (term: string, other: string): boolean =>
  term === other || (term.length >= STEM_CHARS && other.startsWith(term.slice(0, STEM_CHARS)));

/** Names of ICD's codes by their keys; an official title comes before the index, and that before ICD-9-CM. */
function collectNames(): Map<string, string> {
  const names = new Map<string, string>();
  const official = readTitles(officialTitles());
  const keysByCode = new Map(officialTitles().map(({ code, display }) => [code, canonicalKey(display)]));
  const put = (found: CodesByKey, toSource: (key: string, code: string) => Source): void => {
    for (const [key, codes] of found) {
      const code = names.has(key) ? undefined : joinCodes(codes);
      if (code !== undefined) names.set(key, `${toSource(key, code)}${code}`);
    }
  };
  put(official, () => '');
  const { codes, references } = readIndex();
  const isShared = (key: string, code: string): boolean => {
    const own = (keysByCode.get(code) ?? '').split(' ').filter((term) => term !== 'disorder');
    return key.split(' ').some((term) => own.some((other) => hasStem(term, other)));
  };
  const toIndexed = (key: string, code: string): Source => (isShared(key, code) ? 'index ' : 'default ');
  put(codes, toIndexed);
  for (const [name, see] of references) {
    const [key, other] = [canonicalKey(name), names.get(canonicalKey(see))];
    if (key !== '' && !names.has(key) && other) names.set(key, other.includes(' ') ? other : `index ${other}`);
  }
  put(readTitles(ninthTitles()), () => 'icd-9-cm ');
  put(readTitles(mondoTitles()), toIndexed);
  return names;
}

const toCoding = (value: string): Coding => ({
  system: value.startsWith('icd-9-cm ') ? 'icd-9-cm' : 'icd-10-cm',
  code: value.split(' ').at(-1) ?? '',
});

/** Of pairs of a name and a shorter one, how many lead to one article at least, and how many there are. */
interface Pairs {
  same: number;
  all: number;
}
type PairsByWord = Map<string, Pairs>;
/** A word may be left out, or stand alone, if this share of the pairs lead to one article. */
const LEAST_SAME = 0.85;
const LEAST_SAME_ALONE = 0.75;
const LEAST_PAIRS = 6;

const listSure = (pairs: PairsByWord, least: number): string[] =>
  [...pairs].flatMap(([word, { same, all }]) => (all >= LEAST_PAIRS && same / all >= least ? [word] : []));

/**
 * Uses of words in names, by the pages of longer and shorter ones: `qualifier` narrows a name without making it another thing; a `subject` has
 * the same page wherever it is.
 */
function listUses(names: ReadonlyMap<string, string>, pages: ReadonlyMap<string, readonly string[]>): string[] {
  const leftOut: PairsByWord = new Map();
  const alone: PairsByWord = new Map();
  const compare = (counts: PairsByWord, word: string, value: string, key: string): void => {
    const other = names.get(key);
    const own = pages.get(value) ?? [];
    const wider = (other === undefined ? undefined : pages.get(other)) ?? [];
    if (own.length === 0 || wider.length === 0) return;
    const count = getOrAdd(counts, word, () => ({ same: 0, all: 0 }));
    count.all += 1;
    if (wider.some((id) => own.includes(id))) count.same += 1;
  };
  for (const [key, value] of names) {
    const terms = key.split(' ');
    for (const term of terms.length > 1 ? terms : []) {
      compare(leftOut, term, value, terms.filter((one) => one !== term).join(' '));
      if (!value.startsWith('default ')) compare(alone, term, value, term);
    }
  }
  const known = [...new Set([...listSure(leftOut, LEAST_SAME), ...NARROWING])];
  const qualifiers = known.filter((word) => !names.has(word) && !isTellingTerm(word));
  const subjects = listSure(alone, LEAST_SAME_ALONE).filter((word) => !AMBIGUOUS.has(word));
  return [...qualifiers.map((word) => `${word},qualifier`), ...subjects.map((word) => `${word},subject`)].sort();
}

/** Writes the names of ICD's codes anew, and the words that may be left out of names. */
export function writeCodeNames(library: Library, folder: string): void {
  const names = collectNames();
  const values = [...new Set(names.values())];
  const found = articlesOfCodings(values.map(toCoding), library);
  const pages = new Map(values.map((value, index) => [value, found[index] ?? []]));
  const lines = [...names.keys()].sort().map((key) => `${key},${names.get(key) ?? ''}\n`);
  writeFileSync(`${folder}/code-names.csv`, `name,code\n${lines.join('')}`);
  writeFileSync(`${folder}/name-words.csv`, `word,use\n${listUses(names, pages).join('\n')}\n`);
}
