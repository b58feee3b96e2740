import { hash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, type Dirent } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { LOCAL_ID_PREFIX, handoutName, handoutUrl } from '../core/model/article.js';
import { codeSystem, findCodeSystem, type CodeSystemId } from '../core/codes/code-systems.js';
import { chooseLanguage, type Language } from '../core/model/language.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import { KEEPER_EXTENSIONS, readKeeperFile } from './keeper-files.js';
import { decodeEntities } from './decode-entities.js';
import type { ArticleFacts, Complaint, LibrarySource, MappingFacts, TextFacts } from './source.js';

/**
 * Adds the keeper's data of a site's handout files to their texts. Texts of files that are not approved are left out, and with the last
 * text of a handout its rows.
 * @param folder of the handouts
 */
function keepHandouts(folder: string, source: LibrarySource): LibrarySource {
  const complaints: Complaint[] = [...source.complaints];
  const before = new Set(source.texts.map(({ article }) => article));
  const texts = source.texts.flatMap((text): TextFacts[] => {
    const name = handoutName(text.url ?? '');
    const read = name === undefined ? undefined : readKeeperFile(folder, name);
    if (typeof read === 'string') {
      const reason = `the file with its keeper’s data has a fault, so it is left out: ${read}`;
      complaints.push({ file: `handouts/${name ?? ''}`, line: 0, reason });
      return [];
    }
    if (!read) return [text];
    if (read.state !== 'approved') return [];
    return [read.keeper ? { ...text, keeper: read.keeper } : text];
  });
  const left = new Set(texts.map(({ article }) => article));
  const isGone = (id: string): boolean => id.startsWith(LOCAL_ID_PREFIX) && before.has(id) && !left.has(id);
  return {
    ...source,
    texts,
    articles: source.articles.filter(({ id }) => !isGone(id)),
    mappings: source.mappings.filter(({ article }) => article === undefined || !isGone(article)),
    complaints,
  };
}

/** Accepted types of a site's handouts; any other file in the folder is reported and left out. */
const HANDOUT_EXTENSIONS = new Set(['.pdf', '.html', '.htm']);
/** Enough to find an HTML handout's title. */
const TITLE_WITHIN_CHARS = 20_000;
/** Maximum length of a drug's name in an id, which has at most 120 characters. */
const MAX_ID_CODE_CHARS = 60;

const TITLE_WORDS: Readonly<Record<Language, string>> = { en: 'Handout', es: 'Folleto' };

interface NamedHandout {
  readonly mapping: MappingFacts;
  readonly article: ArticleFacts;
  readonly text: TextFacts;
}

/** Folder of handouts in a site's library: its `handouts`, or the folder itself if there is none. */
export function handoutsFolder(localLibrary: string): string {
  const folder = join(localLibrary, 'handouts');
  return existsSync(folder) ? folder : localLibrary;
}

const isHandout = (name: string): boolean => HANDOUT_EXTENSIONS.has(extname(name).toLowerCase());

function listNames(localLibrary: string, isMeant: (entry: Dirent) => boolean): string[] {
  return readdirSync(handoutsFolder(localLibrary), { withFileTypes: true })
    .filter(isMeant)
    .map((entry) => entry.name)
    .sort();
}

/** The handout files of a site's library by name, sorted. */
export const handoutFiles = (localLibrary: string): string[] =>
  listNames(localLibrary, (entry) => entry.isFile() && isHandout(entry.name));

/** Links that are named as handouts, sorted: none is followed. */
export const handoutLinks = (localLibrary: string): string[] =>
  listNames(localLibrary, (entry) => entry.isSymbolicLink() && isHandout(entry.name));

/** Files in the folder of handouts that are not handouts but may be meant as such, sorted. */
export function filesBesideHandouts(localLibrary: string): string[] {
  const bases = new Set(handoutFiles(localLibrary).map((name) => basename(name, extname(name))));
  const isKeepers = (name: string): boolean =>
    KEEPER_EXTENSIONS.some((extension) => name.endsWith(extension)) && bases.has(basename(name, extname(name)));
  const isOther = (name: string): boolean =>
    !isHandout(name) && !isKeepers(name) && !/^\.|\.csv$|^readme(\.|$)/i.test(name);
  return listNames(localLibrary, (entry) => entry.isFile() && isOther(entry.name));
}

function readTitle(path: string, fallback: string): string {
  if (extname(path).toLowerCase() === '.pdf') return fallback;
  const head = readFileSync(path, 'utf8').slice(0, TITLE_WITHIN_CHARS);
  const written = /<title[^<>]*>([^<]{1,300})<\/title>/i.exec(head)?.[1] ?? '';
  return decodeEntities(written).replace(/\s+/g, ' ').trim() || fallback;
}

/**
 * The id of a code's handout: most codes are used as they are, in lower case. A drug's name may contain characters that
 * an id cannot; a digest then distinguishes names that differ only in these.
 */
function buildArticleId(system: CodeSystemId, code: string): string {
  const plain = code.toLowerCase();
  const replaced = plain.replace(/[^a-z0-9.]+/g, '-');
  if (replaced === plain && plain.length <= MAX_ID_CODE_CHARS) return `${LOCAL_ID_PREFIX}${system}-${plain}`;
  const digest = hash('sha256', plain).slice(0, 8);
  return `${LOCAL_ID_PREFIX}${system}-${replaced.slice(0, MAX_ID_CODE_CHARS)}-${digest}`;
}

/** Parses a name such as `icd10_n53.14_en.pdf` (OpenEMR: type, code, language); returns the reason if it cannot. */
function readNamedHandout(folder: string, name: string): NamedHandout | string {
  const [type = '', sentCode = '', sentLanguage = '', ...rest] = basename(name, extname(name)).split('_');
  const system = findCodeSystem(type)?.id;
  const language = chooseLanguage(sentLanguage);
  if (!system || rest.length > 0)
    return 'a handout is named {type}_{code}_{language}, or listed in articles/local.<language>.csv';
  if (!language) return `the language ${sentLanguage || '(missing)'} is not supported`;
  const code = normalizeCode(system, sentCode);
  if (code === undefined) return `${sentCode} is not a possible code of ${codeSystem(system).label}`;
  const id = buildArticleId(system, code);
  const fallback = `${TITLE_WORDS[language]} ${codeSystem(system).label} ${code}`;
  const title = readTitle(join(folder, name), fallback);
  return {
    mapping: {
      line: 0,
      system,
      code,
      article: id,
      relationship: 'equivalent',
      rank: 1,
      sensitivity: undefined,
      origin: 'curated',
      note: name,
    },
    article: { id, publisher: 'site' },
    text: {
      article: id,
      language,
      title,
      url: handoutUrl(name),
      alsoCalled: [],
      origin: 'curated',
    },
  };
}

/**
 * Adds a site's handout files to its CSV rows: a file named after its code gets its article, text and row; a file
 * referenced by a CSV row is used unchanged; any other is a complaint, as is a second file of a code and language.
 */
export function addHandouts(localLibrary: string, source: LibrarySource): LibrarySource {
  const folder = handoutsFolder(localLibrary);
  const listed = new Set(source.texts.map((text) => handoutName(text.url ?? '')));
  const described = new Set(source.texts.map((text) => `${text.article}|${text.language}`));
  const buildKey = ({ system, code, article }: MappingFacts): string => `${system}|${code}|${article ?? ''}`;
  const mapped = new Set(source.mappings.map(buildKey));
  const known = new Set(source.articles.map((article) => article.id));
  const [articles, texts, mappings] = [[...source.articles], [...source.texts], [...source.mappings]];
  const complaints: Complaint[] = [...source.complaints];
  const reject = (name: string, reason: string): void => {
    complaints.push({ file: `handouts/${name}`, line: 0, reason });
  };
  for (const name of filesBesideHandouts(localLibrary)) reject(name, 'a handout is a PDF or an HTML file');
  for (const name of handoutLinks(localLibrary)) reject(name, 'a link is not followed: put the file itself here');
  for (const name of handoutFiles(localLibrary)) {
    if (listed.has(name)) continue;
    const handout = readNamedHandout(folder, name);
    if (typeof handout === 'string') {
      reject(name, handout);
      continue;
    }
    const { article, text, mapping } = handout;
    const textKey = `${text.article}|${text.language}`;
    if (described.has(textKey)) {
      reject(name, 'its code already has a handout in this language');
      continue;
    }
    described.add(textKey);
    texts.push(text);
    if (!known.has(article.id)) articles.push(article);
    // A code's second language adds no second row; a CSV row with `none` for the code takes precedence.
    if (!mapped.has(buildKey(mapping)) && !mapped.has(buildKey({ ...mapping, article: undefined })))
      mappings.push(mapping);
    known.add(article.id);
    mapped.add(buildKey(mapping));
  }
  return keepHandouts(folder, { ...source, articles, texts, mappings, complaints });
}
