import { foldText } from '../search/text-tokens.js';

/**
 * What a text states about its subject instead of naming it as the patient's present condition: absent, to be or
 * already ruled out, a relative's, over, screened for, or an exposure only.
 */
export type StatementKind = 'negated' | 'ruled-out' | 'family-history' | 'history' | 'screening' | 'exposure';

export interface Statement {
  readonly kind: StatementKind;
  /** The words of the statement, folded: lower case, without accents (`denies`, `antecedente de`). */
  readonly phrase: string;
  /** The subject of the statement, folded; never empty. */
  readonly subject: string;
}

/** A longer text is not a title or a search line; only its beginning is read. */
const MAX_CHARS = 500;

/** Words that may precede a statement: who it is about, or why the patient came. */
const BEFORE =
  /^[\s"'([{*•·-]*(?:(?:the |el |la |un |una )?(?:patients?|pts?|paciente|pte|px|s?he)\b[\s:,.-]*)?(?:(?:currently|presently|also|actualmente|encounter for|consulta por|problema:)\s+)?/;

/**
 * Things whose lack is the complaint itself: "no appetite" and "sin aliento" deny nothing. Lists what people lack and
 * come for; things whose absence is good (pain, fever, a disease) are not listed.
 */
const LACKING =
  'apetite|appetite|hunger|energy|strength|sleep|breath|air|voice|taste|smell|sense of|feeling|sensation|hearing|vision|' +
  'periods?|menses|sex drive|libido|sperm|bowel movements?|urine|urination|pulse|heartbeat|movement|motivation|interest|' +
  'insurance|apetito|hambre|energias?|fuerzas?|sueno|aliento|aire|voz|ganas|gusto|olfato|sensibilidad|regla|' +
  'periodos?|menstruacion|deseo|orina|pulso|movimiento|dormir|respirar|comer|orinar|defecar|evacuar|obrar|seguro medico';
/** Words after "no" that are part of a name, or of an inability: no puedo dormir, no me baja la regla. */
const NO_DENIAL =
  'code|show|light perception|longer|hodgkin|till|hay manera|puedo|puede|pueden|poder|podia|pudo|me|se|te|le|nos|les|quiero|' +
  'quiere|siento|siente|oigo|oye|veo|ve|duermo|duerme|respiro|respira|como|come|orino|orina|camino|camina|escucho|' +
  'escucha|habla|hablo|voy|va|hago|hace|tengo|tiene|hay|aguanto|deja|infecciosa|infeccioso|bacteriana|alergica|alcoholico|reanimar';

/** Cues at the beginning of a text, in order of matching. Each ends before its subject. */
const LEADING: readonly (readonly [StatementKind, RegExp])[] = [
  [
    'ruled-out',
    /^(?:(?:to |needs? )?rul(?:e|es|ed|ing)[ -]out|r\/o|r\.o\.|r-o\b|(?:a |para |se )?descart(?:ar|a|ando|ad[oa]s?)\b)/,
  ],
  ['negated', /^(?:den(?:ies|ied|ying|y)|nieg(?:a|an|o)|negando)\b/],
  ['negated', /^(?:neg(?:ative)?\.? (?:for|to)|negativ[oa]s? (?:para|a|por)|free (?:of|from)|libre de)\b/],
  ['negated', /^absence of (?:any |all )?(?:signs?|symptoms?|evidence)\b(?: of)?/],
  ['negated', /^ausencia de (?:signos?|sintomas?|evidencia|dolor|fiebre)\b(?: de)?/],
  ['negated', /^(?:never had|(?:does|do|did) ?n(?:o|')?t (?:have|report)|has no|have no|with no|not have)\b/],
  [
    'negated',
    /^not(?: currently)?(?= (?:pregnant|diabetic|hypertensive|suicidal|homicidal|depressed|contagious|infected)\b)/,
  ],
  ['negated', /^no (?:tiene|tengo|presenta|refiere|reporta|padece|ha tenido|hay|acusa)\b/],
  ['negated', new RegExp(`^(?:no|sin|without|w\\/o)(?= +[a-z])(?! +(?:${NO_DENIAL})\\b)`)],
  [
    'family-history',
    /^(?:(?:strong |positive )?(?:family|familial|fam\.?|maternal|paternal) ?(?:history|hist|hx|h\/o)|f\.?m?hx?\b\.?|f\/h)(?:\s*[:-]|\s+(?:of|for|positive for|includes)\b)?/,
  ],
  ['family-history', /^(?:antecedentes? (?:heredo-?)?familiar(?:es)?|historia familiar|ahf)\b(?: de\b| por\b|\s*:)?/],
  [
    'screening',
    /^(?:special |routine |annual )?(?:screen(?:ing|s|ed)?(?: (?:test|exam|examination))?(?: for\b| of\b|\s*[:-])|tamiz(?:aje|ado)?(?: de\b| para\b)|cribado (?:de|para)\b|(?:prueba de )?deteccion (?:precoz |temprana )?de\b)/,
  ],
  [
    'exposure',
    /^(?:(?:possible|suspected|known|recent|posible) )?(?:expos(?:ure|ed) to|contact with(?: and \(?suspected\)? exposure to)?|expuest[oa] a|exposicion a|contacto con)\b/,
  ],
  [
    'history',
    /^(?:(?:personal|past|prior|previous|remote|distant)(?: (?:medical|surgical))? (?:history|hx)|(?:medical |surgical )?history of|hx|h\/o|h\.o\.|pmhx?|pshx?)(?:\s*[:-]|\s+(?:of|significant for|positive for|includes)\b)?(?=[\s:-])/,
  ],
  [
    'history',
    /^(?:antecedentes?(?: (?:personal(?:es)?|patologicos?|medicos?|quirurgicos?|de importancia))*(?: de\b| por\b|\s*:)|historia (?:personal |medica |clinica )?de\b|app(?: de\b|\s*:))/,
  ],
];

/** Uses of "negative" for a kind, not a finding: Rh negative, Gram-negative, triple negative, HER2-negative. */
const NEGATIVE_KIND =
  /(?:\b(?:rh|gram|triple|her-?2|her2\/neu|alk|culture|cell|type|group|factor|tipo|grupo|coagulase|er|pr|ab|[abod])|\))[\s-]*$/;

/** Cues at the end of a text. Each begins after its subject. */
const TRAILING: readonly (readonly [StatementKind, RegExp])[] = [
  ['ruled-out', /[\s,(:-]+(?:(?:has been |was |is )?ruled out|to rule out|descartad[oa]s?)$/],
  ['family-history', /[\s,(:-]+(?:family (?:history|hx)|fhx|antecedentes? familiar(?:es)?)$/],
  [
    'negated',
    /[\s,(:-]+(?:denied|not (?:present|found|detected|seen)|ausentes?|absent|negad[oa]s?|no detectad[oa]s?)$/,
  ],
  ['negated', /[\s,(:-]+(?:negative|neg|negativ[oa])$/],
  ['screening', /[\s,(:-]+(?:screen(?:ing)?(?: (?:tests?|exam))?|tamizaje|cribado)$/],
  ['exposure', /[\s,(:-]+(?:exposure|exposicion)$/],
  ['history', /[\s,(:-]+(?:(?:personal |past )?history(?: of)?|hx(?: of)?|h\/o|antecedentes?)$/],
];

/** Subjects that form a name with a cue: a medical history, a family history, a skin exposure. */
const PART_OF_A_NAME: readonly (readonly [StatementKind, RegExp])[] = [
  ['history', /^(?:medical|health|personal|social|sexual|clinical|family|past|natural|drug|my|taking a|the)$/],
  ['screening', /^(?:health|medical|routine)$/],
];

/** Suffixes of SNOMED CT's fully specified names: `Macular edema absent (situation)`. */
const SEMANTIC_TAG = / ?\((?:situation|finding|disorder|procedure|event|context-dependent category)\) ?$/;

/** Prepares a text for matching against cues: folded, without marks around it. */
function foldLine(text: string): string {
  const folded = foldText(text.slice(0, MAX_CHARS)).replace(/[’ʼ`]/g, "'");
  return folded.replace(/\s+/g, ' ').trim().replace(SEMANTIC_TAG, '');
}

const LEAST_SUBJECT = /[\p{L}\p{N}]{2}/u;
const LACKS = new RegExp(`^(?:any |an? |mi |un |una |nada de |mucha? |my )?(?:${LACKING})\\b`);

/** A statement, if the rest of the text can be its subject. */
function toStatement(kind: StatementKind, phrase: string, rest: string): Statement | undefined {
  const subject = rest.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  if (!LEAST_SUBJECT.test(subject)) return undefined;
  if (kind === 'negated' && LACKS.test(subject)) return undefined;
  const isName = PART_OF_A_NAME.some(([of, names]) => of === kind && names.test(subject));
  return isName ? undefined : { kind, phrase: phrase.replace(/^[\s,(:-]+|[\s:-]+$/g, ''), subject };
}

/**
 * Reads what a search line or a title states about its subject: `denies chest pain` and `no DM` (negated), `r/o MI`
 * (ruled out), `FHx breast cancer`, `h/o stroke`, `antecedente de infarto`, `screening for HIV`, `exposure to rabies`.
 * Only a cue at the beginning or end of the text governs its subject; within a name it does not: `migraine without
 * aura`, `Rh negative`, `Gram-negative sepsis`, `non-Hodgkin lymphoma`. Undefined if the text states nothing, or if the
 * lack itself is the complaint: `no appetite`, `sin aliento`, `no puedo dormir`. An official name may make the same
 * statement as a title compared with it; the caller checks both.
 */
export function readStatement(text: string): Statement | undefined {
  const line = foldLine(text);
  const start = BEFORE.exec(line)?.[0].length ?? 0;
  const folded = line.slice(start);
  for (const [kind, cue] of LEADING) {
    const [phrase] = cue.exec(folded) ?? [];
    const rest = phrase === undefined ? '' : folded.slice(phrase.length);
    const statement = phrase === undefined || /^[a-z0-9]/.test(rest) ? undefined : toStatement(kind, phrase, rest);
    if (statement) return statement;
  }
  const ended = line.replace(/[\s.,;:)\]}*]+$/, '');
  for (const [kind, cue] of TRAILING) {
    const found = cue.exec(ended);
    if (!found) continue;
    const rest = ended.slice(0, found.index);
    if (kind === 'negated' && /neg/.test(found[0]) && NEGATIVE_KIND.test(rest)) continue;
    const statement = toStatement(kind, found[0], rest);
    if (statement) return statement;
  }
  return undefined;
}
