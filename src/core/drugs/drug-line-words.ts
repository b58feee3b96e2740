import { FORMS, SALTS } from './drug-terms.js';

/** Words that medication lines of charts carry beside the drug's name, in English and Spanish. Lower case, without accents. */

const listOf = (words: string): readonly string[] => words.split(/\s+/);
const setOf = (words: string): ReadonlySet<string> => new Set(listOf(words));

export const UNITS = setOf(
  'mg mcg ug g gm gms gram grams gramo gramos milligram milligrams miligramo miligramos microgram micrograms microgramo ' +
    'microgramos mgs mcgs ml mls l cc unit units unt u iu ui unidad unidades meq mmol mci million billion %',
);
/** What follows the slash in a strength: `10 mg/5 ml`, `90 mcg/actuation`. */
export const PER_UNITS = setOf(
  'ml mls l cc mg g gm gram actuat actuation act act puff inh inhalation spray dose dosis hr h hour hora tab tablet ' +
    'day dia patch vial kg m2 min minute minuto',
);

/** Names of forms and routes, and the word that states their route in `drug-terms.ts`. */
export const FORM_WORDS: ReadonlyMap<string, string> = new Map(
  (
    [
      [
        'tablet',
        'tablet tablets tab tabs tabl tb comprimido comprimidos tableta tabletas pastilla pastillas pill pills gragea grageas',
      ],
      [
        'capsule',
        'capsule capsules cap caps cp sprinkle sprinkles capsula capsulas gelcap gelcaps caplet caplets softgel softgels perla perlas',
      ],
      [
        'oral',
        'oral orally po modified bucal mouth boca chew chewable chewables masticable masticables odt od-tab efervescente elixir elix swish',
      ],
      ['syrup', 'syrup syr jarabe'],
      ['sublingual', 'sublingual sl'],
      ['buccal', 'buccal'],
      ['lozenge', 'lozenge lozenges troche troches'],
      ['gum', 'gum'],
      ['nasal', 'nasal nasally intranasal nostril nostrils nares fosa nariz'],
      ['ophthalmic', 'ophthalmic ophth ophthalmically opht eye eyes oftalmico oftalmica colirio ojo ojos ou os'],
      ['otic', 'otic ear ears otico otica oido oidos'],
      ['vaginal', 'vaginal vaginally vag pv ovulo ovulos ring anillo'],
      ['rectal', 'rectal rectally pr suppository suppositories supp supps enema supositorio supositorios'],
      ['transdermal', 'transdermal patch patches parche parches td'],
      ['intrauterine', 'intrauterine iud diu'],
      ['implant', 'implant implante'],
      ['intravitreal', 'intravitreal'],
      ['intrathecal', 'intrathecal epidural intratecal'],
      ['irrigation', 'irrigation'],
      ['dental', 'dental mouthwash toothpaste enjuague'],
      ['topical', 'topical topically top external paste skin scalp shampoo topico topica champu piel'],
      [
        'inhalation',
        'inhalation inhaler inhalers inhaled inhale inhal hfa mdi dpi neb nebs nebule nebulizer nebulized nebulizacion nebulizar nebulizado nebulizada ' +
          'inhalador inhalado inhaladores diskus ellipta respimat respiclick handihaler flexhaler twisthaler digihaler ' +
          'turbuhaler aerolizer pressair aer',
      ],
      [
        'injection',
        'injection injections injectable inject inj iv ivp ivpb im subq sq sc subcut subcutaneous subcutaneously intravenous ' +
          'intramuscular infusion infuse infused bolus pca drip goteo intradermal inyeccion inyectable inyectar ampolla ampollas ampula subcutanea subcutaneo ' +
          'intravenosa intravenoso intramuscular',
      ],
      [
        'pen',
        'pen pens syringe syringes vial vials cartridge cartridges ampule ampul pluma jeringa kwikpen flexpen flextouch',
      ],
      [
        'pen',
        'solostar sureclick autoinjector autoinjectors auto injector penfill prefilled tempo junior-kwikpen humatropen',
      ],
      ['cream', 'cream crm crema ointment oint ung pomada unguento lotion locion gel foam pad pads swab swabs espuma'],
      ['puff', 'puff puffs inh aerosol actuat actuation actuations inhalaciones'],
      ['drops', 'drop drops gtt gtts gotas gota'],
      ['spray', 'spray sprays'],
    ] as const
  ).flatMap(([word, spellings]) => listOf(spellings).map((spelling): [string, string] => [spelling, word])),
);

/** Release types for which some drugs have their own pages or rows, and their spelling in rows. */
export const RELEASES: ReadonlyMap<string, string> = new Map(
  listOf('er xr xl sr dr ec cr la cd ir sa tr cc hfa odt ds viscous').map((word): [string, string] => [word, word]),
);

/** Abbreviated and Spanish names of salts. */
export const SALT_WORDS: ReadonlyMap<string, string> = new Map([
  ...[...SALTS].map((salt): [string, string] => [salt, salt]),
  ...([
    ['succ', 'succinate'],
    ['succinato', 'succinate'],
    ['tart', 'tartrate'],
    ['tartrato', 'tartrate'],
    ['hyd', 'hydrochloride'],
    ['hydroch', 'hydrochloride'],
    ['clorhidrato', 'hydrochloride'],
    ['hbr', 'hydrobromide'],
    ['na', 'sodium'],
    ['sod', 'sodium'],
    ['sodico', 'sodium'],
    ['sodica', 'sodium'],
    ['pot', 'potassium'],
    ['potasico', 'potassium'],
    ['potasica', 'potassium'],
    ['calcica', 'calcium'],
    ['magnesico', 'magnesium'],
    ['sulf', 'sulfate'],
    ['sulfato', 'sulfate'],
    ['acet', 'acetate'],
    ['acetato', 'acetate'],
    ['mal', 'maleate'],
    ['maleato', 'maleate'],
    ['fum', 'fumarate'],
    ['fumarato', 'fumarate'],
    ['bes', 'besylate'],
    ['besilato', 'besylate'],
    ['phos', 'phosphate'],
    ['fosfato', 'phosphate'],
    ['prop', 'propionate'],
    ['propionato', 'propionate'],
    ['citrato', 'citrate'],
    ['nitrato', 'nitrate'],
    ['bromuro', 'bromide'],
    ['furoato', 'furoate'],
    ['mono', 'monohydrate'],
    ['monohyd', 'monohydrate'],
    ['macro', 'macrocrystals'],
  ] as const),
]);

/** Words about how a drug is taken, sold or counted, which do not identify it. */
const SIG_WORDS = setOf(
  'daily qd bid tid qid qhs hs qam qpm qod qwk qweek prn ac pc stat once twice three four five six times time a an day days ' +
    'every each morning morn evening eve bedtime night nightly noon afternoon week weeks weekly month monthly hourly take ' +
    'takes taking taken give apply instill use using uses place put dissolve one two half 1/2 with without food meals meal ' +
    'breakfast dinner lunch supper as needed directed at in into on the to affected area areas x refill refills disp qty dose ' +
    'doses dosage sig rx otc brand generic name only max maximum min per and or of left right both under tongue home med ' +
    'active start started starting stop stopped continue increase increased decrease reduce to from then until scale sliding ' +
    'before after bed while awake if by mouth via route extra strength regular adult adults childrens children child kids ' +
    'infant infants junior pediatric low high original plain nf ' +
    'usp rdna origin recombinant human synthetic eq equiv coated film tablets release extended delayed sustained immediate controlled long acting hour ' +
    'hours hr hrs h solution soln sol suspension susp liquid liq concentrate conc powder pwd pwdr granules packet packets pkt ' +
    'pack pak paks pk pump pumps bottle bottles tube tubes bag bags kit device system metered dose patient pt his her my their new script prescription supply total divided ' +
    'cada hora horas diario diaria diariamente dia dias noche manana tarde veces vez al tomar tome toma una un uno dos tres media ' +
    'con sin comida comidas via segun necesario indicacion aplicar por antes despues de del la el los las dosis en ayunas ' +
    'semana semanas mes acostarse solucion suspension polvo sobre sobres frasco liberacion prolongada ' +
    'hold held resume resumed cont discontinue discontinued gave took received changed sch scheduled load loading premed ' +
    'titrate titrated protocol over min mins minutes taper tapering starter insert inserts first today yesterday auc wt gain suspender suspendido ' +
    'continuar iniciar inicio reiniciar tomaba toma disparo disparos gotas aplicacion aplicaciones',
);
const EVERY = /^q\d+(-\d+)?(h|hr|hrs|d|w|wk|min)?$|^\d+x$|^x\d+$|^#\d{2,}$/;

/** Words for how often: with one, a drug's name is a drug line. */
export const isFrequency = (word: string): boolean =>
  FREQUENCIES.has(word) || (EVERY.test(word) && word.startsWith('q'));
const FREQUENCIES = setOf('qd bid tid qid qhs hs qam qpm qod qwk prn stat cada');
/** A number before one of these is an age, not a dose. */
export const AGE_WORDS = setOf('year years yr yrs yo y/o month months mo old ano anos mes meses');
/** Words for how a drug is swallowed. */
export const SWALLOWING = setOf('take takes taking took tome toma tomar food meal meals comida comidas');

/** Words that begin the reason; nothing after them names the drug. */
export const REASONS = setOf('for para indication indications dx diagnosis reason due because');
/** A drug named after one of these only states when: `30 min before lasix`. */
export const TIMES = setOf('before after antes despues');
/** Words after `for` that are still about the drug: `powder for oral suspension`. */
export const AFTER_FOR = setOf('oral injection inhalation iv suspension solution reconstitution infusion');

/** Suffixes that make a name another product and belong to it (`Tylenol PM`). */
export const NAME_SUFFIXES = setOf('pm dm d pe hct 360 osmotic cf liposome liposomal');
/** The same, after a brand only. */
export const BRAND_SUFFIXES = setOf(
  'cold flu sinus allergy night nighttime nite severe multi multi-symptom symptom cough congestion headache migraine plus ' +
    'menstrual complete dual action back body aspirin-free tension chest mucus complex forte fe iron vitamin',
);

/** Words and marks that separate or join ingredients. */
export const CONNECTORS = setOf('/ - + & and with plus y con w');

const NUMBER = /^[\d.,/x×-]*\d[\d.,/x×-]*$/;

/** Whether a word is a number: `500`, `0.5`, `5-325`, `70/30`. */
export const isNumber = (word: string): boolean => NUMBER.test(word);

/** Whether a word is about how a drug is taken, not which drug it is. */
export const isSig = (word: string): boolean => SIG_WORDS.has(word) || EVERY.test(word);

/**
 * Whether a word only measures or shapes a drug: a number, a unit, a form, a route, a release type, or a frequency.
 * Such a word never matches an article by itself. Expects lower case without accents.
 */
export function isMeasure(word: string): boolean {
  if (isNumber(word) || EVERY.test(word) || MEASURES.some((words) => words.has(word))) return true;
  return /^\d[\d.,]*(mg|mcg|ug|g|gm|ml|l|meq|iu|u|unt|units?|%)(\/.*)?$/.test(word);
}

const MEASURES: readonly { readonly has: (word: string) => boolean }[] = [
  UNITS,
  FORM_WORDS,
  RELEASES,
  FORMS,
  setOf('qd bid tid qid qhs hs qam qpm qod prn mg/ml mcg/ml units/ml soln sol susp solucion suspension polvo sobre'),
];
