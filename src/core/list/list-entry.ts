import { CODE_SYSTEMS, findCodeSystem, type CodeSystemId } from '../codes/code-systems.js';
import { isBillingCode } from '../codes/billing-codes.js';
import { normalizeCode } from '../codes/normalize-code.js';
import { isNoIcdCode } from '../codes/typed-fluid.js';

/** One entry of a list as it was pasted: the code it names, in the systems that it may be of, and its title. */
export interface ListEntry {
  /** As it was pasted. */
  readonly text: string;
  /** Empty where no code was found in it. */
  readonly code: string;
  readonly title: string;
  /** Systems that have codes of this form; the one it names where it names one. */
  readonly systems: readonly CodeSystemId[];
  /** The entry names its system itself. */
  readonly isNamed: boolean;
}

const SYSTEM =
  /^(ICD-?10(?:-?CM)?|ICD-?9(?:-?CM)?|SNOMED(?:[ -]?CT)?|SCT|RXNORM|RXCUI|NDC|LOINC|CPT|HCPCS|CVX|MESH)\b\s*(?:codes?\b)?\s*[:#=|]?\s*/i;
const TOKEN = /^([A-Za-z\d][\w.-]{0,63})(?=$|[\s,;:)\]])/;
/** Beginning of RxNorm's names of packs: a number of doses or hours, and no code: `120 ACTUAT fluticasone`, `24 HR metformin`. */
const PACK = /^\d{1,4} (?:actuat|hr|ml|unt|mg|mcg|meq)\b/i;
/** Names of systems in lists → the name under which core/code-systems.ts knows them. */
const NAMES: readonly (readonly [RegExp, CodeSystemId])[] = [
  [/^icd-?10/i, 'icd-10-cm'],
  [/^icd-?9/i, 'icd-9-cm'],
  [/^(snomed|sct)/i, 'snomed-ct'],
  [/^rx/i, 'rxnorm'],
];

const findSystem = (name: string): CodeSystemId | undefined =>
  NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? findCodeSystem(name)?.id;

/** Whether a text without its system's name may be a code: it has a digit, and more than two characters or a dot. */
const looksLikeCode = (text: string): boolean => /\d/.test(text) && text.length > 2;

/** Systems of which a text may be a code. Our drug names are none, and WHO's ICD-10 looks like ICD-10-CM. */
function findSystems(text: string): CodeSystemId[] {
  if (!looksLikeCode(text) || isNoIcdCode(text)) return [];
  return CODE_SYSTEMS.flatMap(({ id }) => {
    const code = id === 'drug-name' || id === 'icd-10' ? undefined : normalizeCode(id, text);
    if (code === undefined || isBillingCode(id, code, text)) return [];
    // Four plain digits and more are an ICD-9-CM code only with their dot.
    return id === 'icd-9-cm' && /^\d{4,}$/.test(text) ? [] : [id];
  });
}

/** A text without such marks at its end. A pattern that ends there would be tried anew at each mark within the text. */
export function withoutEnd(text: string, mark: RegExp): string {
  let end = text.length;
  while (end > 0 && mark.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** SNOMED CT's full names end in what kind of thing they name, in the language of their edition. */
const SNOMED_TAG =
  /(?<!\s)\s*\((?:disorder|finding|procedure|regime\/therapy|morphologic abnormality|situation|event|observable entity|trastorno|hallazgo|procedimiento|régimen\/tratamiento|situación|evento)\)$/i;
/** Degree to which a condition is controlled, behind a comma: it names no page of its own. */
const CONTROL =
  /(?<![\s,])\s*,\s*(?:(?:not |poorly |well[ -])?controlled|uncontrolled|(?:un)?stable|(?:no|mal|bien )controlad[ao]|estable)$/i;

/** The words of an entry that name its subject: without SNOMED CT's tag, and without a remark on its control. */
export const toSubjectWords = (text: string): string => text.replace(SNOMED_TAG, '').replace(CONTROL, '');

/** RxNorm's names of clinical drugs begin with the measure of a package: `120 ACTUAT fluticasone …`, `24 HR metformin …`. */
const PACKAGE = /^\d[\d.]*\s+(?:actuat|hr|ml|mg|unt)\b/i;

const tidy = (title: string): string => withoutEnd(title.replace(/^[\s:,;|()[\]–-]+/, ''), /[\s:,;|([–-]/);

/** A code at the beginning of a text, with the system that stands before it. */
export function findCodeAt(text: string): Omit<ListEntry, 'text'> | undefined {
  const bar = /^([^\s|]{1,200})\|(\S{1,64})/.exec(text);
  const barred = bar?.[1] === undefined ? undefined : findSystem(bar[1]);
  if (bar && barred) {
    return { code: bar[2] ?? '', title: tidy(text.slice(bar[0].length)), systems: [barred], isNamed: true };
  }
  const prefix = SYSTEM.exec(text);
  const named = prefix?.[1] === undefined ? undefined : findSystem(prefix[1]);
  const rest = prefix && named ? text.slice(prefix[0].length) : text;
  if (!named && PACK.test(rest)) return undefined;
  const token = TOKEN.exec(rest)?.[1]?.replace(/(?<![.-])[.-]+$/, '');
  if (token === undefined) return undefined;
  const systems = named ? [named] : PACKAGE.test(rest) ? [] : findSystems(token);
  // A word behind a system's name ("SNOMED concept") is no code.
  if (systems.length === 0 || !/\d/.test(token)) return undefined;
  return { code: token, title: tidy(rest.slice(token.length)), systems, isNamed: named !== undefined };
}

/** A code behind its title: in brackets, or as the last word. */
function codeBehind(text: string): Omit<ListEntry, 'text'> | undefined {
  for (const found of text.matchAll(/[([]([^()[\]]{1,100})[)\]]/g)) {
    const inside = findCodeAt((found[1] ?? '').trim());
    if (inside && inside.title === '') return { ...inside, title: tidy(text.slice(0, found.index)) };
  }
  const last = /^(.*\s)(\S+)$/.exec(withoutEnd(text, /[.,;:)\]]/));
  const code = last && findCodeAt(last[2] ?? '');
  // A bare number behind words is a dose or a year before it is a code.
  if (!last || !code || (!code.isNamed && /^\d+$/.test(code.code))) return undefined;
  const before = tidy(
    (last[1] ?? '').replace(/\b(ICD-?(?:9|10)(?:-?CM)?|SNOMED(?: ?CT)?|LOINC|NDC|CVX|CPT|HCPCS)(?:\s*:)?\s*$/i, ''),
  );
  return { ...code, title: before };
}

const toEntry = (text: string, found: Omit<ListEntry, 'text'> | undefined): ListEntry =>
  found ? { text, ...found } : { text, code: '', title: text, systems: [], isNamed: false };

/** Reads a piece of a line as an entry: the code in it, before its title or behind. */
export function readEntry(piece: string): ListEntry {
  const text = withoutEnd(piece, /[,;\s]/);
  return toEntry(text, findCodeAt(text) ?? codeBehind(text));
}
