import { foldPlural, foldText } from '../search/text-tokens.js';

/** What a word adds to a search: 1 of its own, a part of that as a qualifier, nothing as a unit or a question word. */
const QUALIFIER_WEIGHT = 0.25;

const setOf = (words: string): ReadonlySet<string> =>
  new Set(
    words
      .trim()
      .split(/\s+/)
      .flatMap((word) => [word, foldPlural(word)]),
  );

/** Units of strengths and quantities. */
const UNITS = setOf(
  'mg mcg ug gm gms g kg ml l dl cc unt unit units iu meq mmol mci gram grams milligram milligrams microgram micrograms ' +
    'gramo gramos miligramo miligramos microgramo microgramos unidad unidades mililitro mililitros ui actuat puff puffs act',
);
/** Forms, routes and frequencies: how a drug is taken, not which one. */
const FORMS = setOf(
  'tablet tablets tab tabs capsule capsules cap caps caplet caplets softgel pill pills solution soln sol suspension susp ' +
    'syrup elixir injection inj injectable cream ointment oint lotion gel foam patch suppository supp drops gtt spray ' +
    'powder pwd granules packet pack kit vial ampule syringe pen cartridge inhaler nebulizer er xr xl sr dr ec ir odt ' +
    'chewable disintegrating extended delayed release po iv im sc sq subq sl pr oral orally topical topically ophthalmic ' +
    'otic nasal rectal vaginal transdermal sublingual daily bid tid qid prn qhs qam qpm nightly weekly hourly ' +
    'tableta tabletas pastilla pastillas comprimido comprimidos capsula capsulas jarabe suspension solucion inyeccion ' +
    'inyectable crema pomada unguento gotas parche supositorio ampolla ampolleta frasco sobre diario diaria',
);
/** Words that distinguish cases of one thing, not things: they identify no page. */
const QUALIFIERS = setOf(
  'uncontrolled stage grade class phase level sx tx dx rx px ble lle rle bue rue lue attack attacks episode episodes prophylaxis ' +
    'check problem problems issue issues trouble estadio grado etapa fase problema problemas crisis ' +
    'acute chronic severe mild moderate recurrent persistent intermittent new onset old unspecified other specified nos nec ' +
    'left right bilateral initial subsequent encounter sequela exacerbation flare flareup worsening uncontrolled controlled ' +
    'stable unstable status post sp hx history secondary due associated related likely possible probable suspected ' +
    'side effect effects dose dosage symptoms symptom signs sign cause causes treatment treatments therapy management care prevention diagnosis ' +
    'medication medications medicine medicines meds drug drugs type during after before since while when ' +
    'recovery recovering recover placed placement exertion exertional aftercare followup postop preop recuperacion colocacion esfuerzo ' +
    'standing sitting lying walking night nighttime morning parado parada acostado acostada noche manana levantarme ' +
    'descontrolada descontrolado controlada controlado con mal mala ' +
    'agudo aguda cronico cronica grave leve moderado moderada recurrente izquierdo izquierda derecho derecha bilateral ' +
    'sintoma sintomas signo signos causa causas tratamiento tratamientos manejo cuidado cuidados prevencion diagnostico ' +
    'medicamento medicamentos medicina medicinas tipo durante despues antes debido secundario ' +
    'treat treating prevent preventing avoid avoiding lower lowering reduce reducing manage managing cure cures check checking ' +
    'use using take taking give giving contagious dangerous serious doctor home casa bajar subir prevenir evitar tratar curar controlar ' +
    'usar usa tomar medir revisar cuidar cuidarme contagioso contagiosa peligroso peligrosa remedio remedios casero caseros',
);
/** Whom it is about: pages for them come first where they are there. */
const PEOPLE = setOf(
  'child children kid kids baby babies infant infants toddler teen teens adult adults elderly women men woman man ' +
    'nino nina ninos ninas bebe bebes adulto adultos mujer mujeres hombre hombres anciano ancianos ' +
    'son daughter mother father mom dad wife husband hijo hija madre padre esposo esposa abuelo abuela',
);
/** What people write around what they look for. */
const ASKING = setOf(
  'what which who why how is are was do does did can could should would will i me my mine we our you it its this that ' +
    'have has had having got get getting be been am about info information handout handouts leaflet leaflets pamphlet ' +
    'brochure sheet education educational teaching instructions instruction article articles page learn read explain ' +
    'help tell patient patients pt pts please need want looking search mean meaning definition some any much many ' +
    'very estoy muy ' +
    'le les que cual quien como es son esta este estas estos fue hay tengo tiene tener tenemos yo mi mis tu tus me te nos ' +
    'sobre acerca informacion folleto hoja educacion articulo pagina ayuda explicar paciente pacientes favor necesito ' +
    'quiero buscar busco significa mucho mucha muy algo cuales puedo puede hacer ' +
    'when where while if happens happen happening there here just really so too often last lasts go goes they them he she ' +
    'his her him difference between diferencia entre supposed expect must cuando donde cuanto cuanta cuantos cuantas adonde porque debo debe deben deberia hago hace ' +
    'pasa pasar pongo poner necesita necesitan sirve siento siente voy',
);

/** What people ask about a drug: its name means the same without them. */
const ABOUT_A_DRUG = setOf(
  'side effect effects adverse reaction reactions dose doses dosage dosing interaction interactions refill refills use uses ' +
    'used taking take takes safe safety for with alcohol drink drinking pregnant pregnancy breastfeeding embarazo embarazada ' +
    'lactancia beber mientras efecto efectos secundario secundarios dosis uso usos tomar sirve para de del ' +
    'interaccion interacciones adversos',
);

/** A number, perhaps with its unit or as a ratio: 500, 2.5, 500mg, 5-325. */
const NUMBER = /^\d+(?:\.\d+)?$/;
const STRENGTH = /^\d+(?:\.\d+)?(?:mg|mcg|ug|g|gm|kg|ml|l|cc|unt|units?|iu|ui|meq|mmol|mci|hr|h|pct)$/;

/** Small words that a question makes meaningless: `what is a burn`, `how long does it last`, `que comer si tengo gota`. */
const BEHIND_HOW = setOf('long often much many dura tarda');
const HOW = setOf('how cuanto');

/** Behind these a letter is a name: everywhere else `a` is an article, or the Spanish for `to`. */
const BEFORE_A_LETTER = setOf(
  'hepatitis hep vitamin vitamina type tipo group grupo class influenza flu gripe hemophilia hemofilia blood sangre strep streptococcus ' +
    'streptococcal estreptococo protein proteina lipoprotein lipoproteina apolipoprotein immunoglobulin inmunoglobulina botulinum toxin ' +
    'factor serum plan medicare',
);

/** Whether a small word belongs to the question around what is looked for; the letter of `hepatitis A` does not. */
function isOfQuestion(words: readonly string[], at: number): boolean {
  const [word = '', before = '', next = ''] = [words[at], words[at - 1], words[at + 1]];
  if (word === 'a') return next !== '' && !BEFORE_A_LETTER.has(before);
  // The Spanish for `and`; at an end it is the chromosome.
  if (word === 'y') return before !== '' && next !== '';
  return word === 'si' ? ASKING.has(next) : BEHIND_HOW.has(word) && HOW.has(before);
}

/** Whether a word only tells one case of a thing from another: `acute`, `attack`. */
export const isQualifier = (word: string): boolean => QUALIFIERS.has(word);

/** What it denies tells the page: `niño no come` is no order not to resuscitate. */
const DENIAL = 'no';

const isUnit = (word: string): boolean => UNITS.has(word) || STRENGTH.test(word);

/** Whether a word is only about the form, route or dose of a drug. */
export const isDoseWord = (word: string): boolean => isUnit(word) || FORMS.has(word) || NUMBER.test(word);

/** Whether a line, folded, doses a drug: it holds a strength, and that is no result of a laboratory. */
export const isDosed = (words: readonly string[]): boolean =>
  !words.includes('dl') &&
  words.some((word, at) => STRENGTH.test(word) || (NUMBER.test(word) && UNITS.has(words[at + 1] ?? '')));

/**
 * For each word of a query what it weighs, 0 to 1. Units, question words, and in a line with a strength also numbers, forms
 * and routes weigh nothing; forms in other lines and qualifiers weigh little, since "oral cancer" is a cancer.
 * @param words folded, stop words left out
 */
export function weighWords(words: readonly string[]): number[] {
  const isOfDose = isDosed(words);
  return words.map((word, at) => {
    if (isOfQuestion(words, at) || (word === DENIAL && words.length > 1)) return 0;
    if (isUnit(word) && words.length > 1) return 0;
    if (isOfDose && (NUMBER.test(word) || FORMS.has(word))) return 0;
    if (ASKING.has(word)) return 0;
    return FORMS.has(word) || QUALIFIERS.has(word) || PEOPLE.has(word) ? QUALIFIER_WEIGHT : 1;
  });
}

/** A line without the question about the drug that it may name: `metformin side effects` → `metformin`. */
export const withoutDrugQuestion = (line: string): string =>
  line
    .split(/\s+/)
    .filter((word) => {
      const folded = foldText(word).replace(/[^\p{L}\p{N}]+/gu, '');
      return !ABOUT_A_DRUG.has(folded) && !ASKING.has(folded);
    })
    .join(' ');

/** Shorthand of charts for words that tell nothing of what a line is about. */
const SHORTHAND: readonly (readonly [RegExp, string])[] = [
  [/(^|\s)d\/o(?=\s|$)/gi, '$1disorder'],
  [/(^|\s)s\/p(?=\s|$)/gi, '$1status post'],
  [/(^|\s)[cw]\/(?=\s)/gi, '$1with'],
  // With such a word it is no order to stop a medicine.
  [/(^|\s)d\/?c(?=\s+(?:instructions?|inst|teaching|education|paperwork)(?:\s|$))/gi, '$1discharge'],
  [/(^|\s)b\/l(?=\s|$)/gi, '$1bilateral'],
  // In a rate it is not the heart's.
  [/(\b(?:m[lg]|mcg|kg|g|units?)) ?\/ ?hr?(?=[\s,;)]|$)/g, '$1/hour'],
];

/** A line with the shorthand of charts written out: `bipolar d/o` → `bipolar disorder`. */
export const writeOut = (line: string): string =>
  SHORTHAND.reduce((written, [short, words]) => written.replace(short, words), line);

/** A stage: 4, 3a. */
const STAGE = /^\d[a-c]?$/;

/** A line without what tells one case of a thing from another: `uncontrolled HTN`, `CKD stage 4`. */
export const withoutQualifiers = (words: readonly string[]): string[] =>
  withoutAsking(words).filter((word) => !QUALIFIERS.has(word) && !STAGE.test(word));

/** A line without the words people write around what they look for; the whole line where nothing else is left. */
export function withoutAsking(words: readonly string[]): string[] {
  return words.filter((word, at) => !ASKING.has(word) && !isOfQuestion(words, at));
}
