/** Fluids in which a drug is infused; their amount is no strength. */
const IN_A_BAG =
  /\bin (?:\d[\d.]* ?ml )?(?:ns|nss|d5w?|lr|swfi|dextrose|sodium chloride|normal saline|nacl|sterile water)\b.*$/;

/** Measure before the code of a route in an electronic prescription: `0.75 % VA GEL`, `10 MCG VA TABS`. */
const MEASURED = String.raw`(?<=[\d/)] ?(?:%|mc?g|gm?|meq|units?|unt|ml|act|hr)\)? )`;
const PER_ML = String.raw`(?<=(?:%|\/ ?[\d.]* ?ml)\)? )`;
const routeCode = (before: string, code: string, forms: string): RegExp =>
  new RegExp(`${before}${code}(?= (?:${forms})\\b)`);

/** Codes of routes in electronic prescriptions, each before one of its forms: `na` may be sodium, and `in` a word. */
const ROUTE_CODES: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${MEASURED}va inst\\b`), 'vaginal insert'],
  [routeCode(MEASURED, 'va', 'gel|crea?|cream|oint|foam|tabs?|tabl|caps?|supp|insr|ring|kit|film'), 'vaginal'],
  [routeCode(MEASURED, 'op', 'soln|sol|solution|susp|oint|gel|emul|solg'), 'ophthalmic'],
  [routeCode(MEASURED, 'ot', 'soln|sol|solution|susp|oil'), 'otic'],
  [routeCode(MEASURED, 'na', 'soln|sol|solution|susp|liqd|aers|aero|exhu|gel'), 'nasal'],
  [routeCode(PER_ML, 'in', 'soln|susp|nebu'), 'inhalation'],
  [new RegExp(`${MEASURED}ij(?=\\s|$)`), 'injection'],
  [routeCode(MEASURED, 're', 'crea?|cream|oint|foam|enem|supp|gel|kit'), 'rectal'],
  [routeCode(MEASURED, 'ex', 'soln|sol|crea?|oint|gel|lotn|foam|sham|pads|swab|liqd|aero|oil'), 'topical'],
  // No patch.
  [routeCode(MEASURED, 'td', 'gel|oint'), 'topical'],
  [routeCode(MEASURED, 'mt', 'pste|paste'), 'dental'],
];

/** Names of products as SNOMED CT words them: `Product containing precisely timolol 5 milligram/1 each conventional release oral tablet`. */
const OF_SNOMED: readonly (readonly [RegExp, string])[] = [
  [/^products? (?:containing|that contains?) (?:only |precisely )?/, ''],
  [/-containing products?\b(?: in\b)?/, ' '],
  [/ \((?:[a-z]+ )?(?:medicinal product(?: form)?|clinical drug|product|substance)\)$/, ''],
  [/ in ocular dose form\b/, ' ophthalmic'],
  [/ in (otic|nasal|oral|rectal|vaginal|topical|transdermal) dose form\b/, ' $1'],
  [/ in cutaneous dose form\b/, ' topical'],
  [/ in (?:parenteral|injection) dose form\b/, ' injection'],
  [/ in pulmonary dose form\b/, ' inhalation'],
  [/ ?\/ ?1 each\b/, ''],
];

/** Elements by their signs, before the name of a salt: `Mg oxide 400`. */
const ELEMENTS: readonly (readonly [RegExp, string])[] = (
  [
    ['mg', 'magnesium'],
    ['ca', 'calcium'],
    ['zn', 'zinc'],
    ['li', 'lithium'],
    ['na', 'sodium'],
    ['k', 'potassium'],
    ['fe', 'ferrous'],
  ] as const
).map(([sign, element]) => [
  new RegExp(
    `^${sign}(?= (?:oxide|citrate|carb(?:onate)?|gluconate|sulfate|chloride|phosphate|bicarb(?:onate)?|acetate)\\b)`,
  ),
  element,
]);

/** Shorthand of charts, in words that the tables have. Applied to lower case without accents and quotation marks. */
const SHORTHAND: readonly (readonly [RegExp, string])[] = [
  ...OF_SNOMED,
  ...ELEMENTS,
  // German joins the salt to its drug: `Metoprololsuccinat`.
  [/(?<=[a-z]{5})(?=(?:hydrochlorid|succinat|tartrat|fumarat|besilat|sulfat|phosphat|maleat)\b)/g, ' '],
  // Before carbonate's dose no carbohydrate.
  [/^(lithium|calcium|magnesium|sodium) carb\b/, '$1 carbonate'],
  [IN_A_BAG, ' iv '],
  ...ROUTE_CODES,
  // A gel or an ointment is no patch, whatever it goes through.
  [/\b(?:transdermal|td)\b(?= (?:gel|oint(?:ment)?|cream)\b)/, 'topical'],
  // Gum and lozenges are for the mouth.
  [/\bbuccal\b(?= (?:gum|lozenges?)\b)|(?<=\b(?:gum|lozenges?) )buccal\b/, ''],
  // A bowel preparation by all its salts: `PEG 3350-KCL-NABCB-NACL-NASULF`.
  [/\bpeg(?:[- ]?3350)?(?:[-/ ]+(?:kcl|na ?(?:bicarb|bcb)|nacl|na ?sulf(?:ate)?|electrolytes?)\b)+/, 'peg-es'],
  // How many are in a package: `AUTO-INJ 2PK`.
  [/\b\d{1,2}[- ]?p(?:ac)?k\b/g, ' '],
  [/\bmono(?:hyd(?:rate)?)?[-/ ]{0,3}m(?:cr|ac|-?cryst)s?\b/, 'mono macro'],
  // An examined part of the body is no route.
  [
    /\b(?:eyes?|ears?|skin|mouth|dental|rectal|vaginal) (?:exams?|examinations?|check(?:s|-?ups?)?|appts?|appointments?|work|cleanings?|extractions?|implants?|procedures?|surger(?:y|ies)|visits?)\b/g,
    ' ',
  ],
  [/\bexamen(?:es)? (?:de (?:la |los |el )?)?(?:ojos?|vista|oidos?|piel|boca)\b/g, ' '],
  // Beside a dose a shot is no glass.
  [/\bshots?\b(?=.* \d[\d.,]* ?(?:mc?g|units?|iu)\b)/, 'injection'],
  [/\bshots?\b(?<=\d ?(?:mc?g|units?|iu) .*)/, 'injection'],
  // A fluid that runs with something in it.
  [
    /^(?=.*(?:ml ?\/ ?(?:hr?|hora)\b|@))(?:(?:d\d+w?|ns|lr|\d\/\d ?ns|0?\.\d+ ?%? ?(?:ns|nacl))\s+)+(?:with|w\/|\+)/,
    ' iv ',
  ],
  // Before a dose it is no inhalation.
  [/^inh(?= (?:\d{2,3}(?: ?mg)?|po|tabs?)\b)/, 'isoniazid'],
  [/\b(?:d\/cd?|dcd?)(?=\s)/g, ' stop '],
  // A stopped drug is none of the line's drugs: `d/c'd lisinopril 10, now on losartan 50`.
  [/^\s*stop(?:ped)?\b.*[,;] ?(?:now|started?|switched|changed)(?: on| to| taking)?\b/, ' '],
  [/\b(?:rinse|swish) (?:the |your )?mouth\b|\benjuag\w+ (?:la )?boca\b/g, ' '],
  [/\bc\/ ?(?=\d)/g, ' cada '],
  [/\bq(\d+(?:-\d+)?)h?prn\b/g, ' q$1h prn '],
  [/\b(\d) ?p(?=\s|$)/g, '$1 puffs '],
  [/\/ ?24 ?h\b/g, ' / 24 hr'],
  // Of drops these are eyes and ears.
  [/(?<![a-z])gtts?\b(?=.*\bo[dsu]\b)/g, ' drops eye'],
  [/(?<![a-z])gtts?\b(?=.*\ba[dsu]\b)/g, ' drops ear'],
  // Without a count they are no drops: `heparin gtt`.
  [/(?<!\d ?-? ?)\b(?:iv )?gtts?\b(?!.*\b(?:eyes?|ears?|[oa][dsu]|po|oral|nasal)\b)/g, ' drip '],
  // Where it is injected, not what it is applied to.
  [
    /\b(?:under(?:neath)?|beneath|below) (?:the |your |his |her )?skin\b|\b(?:bajo|debajo de) la piel\b/g,
    ' subcutaneous ',
  ],
  [/\b((?:inject|inyect|administ)[a-z]*\b.*?) (?:in|into|en) (?:the |your |la )?(?:skin|piel)\b/, '$1 subcutaneous '],
  [
    /\b((?:inject|inyect|administ)[a-z]*\b.*?) (?:in|into|en) (?:the |a |your |el |la )?(?:muscle|musculo|thigh|deltoid|buttocks?)\b/,
    '$1 intramuscular ',
  ],
  [
    /\b((?:inject|inyect|administ|infus)[a-z]*\b.*?) (?:in|into|en|por) (?:the |a |your |la )?(?:vein|vena)\b/,
    '$1 iv ',
  ],
  // There a patch is, no drop.
  [/\b(?:behind|detras de) (?:(?:the|your|one|each|either|left|right|l|r|la|una|su|cada) )*(?:ears?|orejas?)\b/g, ' '],
  // The organ that drops are for is their route.
  [
    /\bdrops? for (?:the |your )?(eyes?|ears?)\b(?! (?:infection|pain|ache))|\bgotas para (?:el|los) (ojos?|oidos?)\b/g,
    'drops $1$2 ',
  ],
  [/\bw\/ ?(?=[a-z])/g, 'with '],
  [/\bvitamin b[- ]([1-9])(?!\d)/g, 'vitamin b$1'],
  // The article, no long action.
  [/\b(a|en|de|por|con|bajo) la\b/g, '$1'],
  // Of several ways the page of what is swallowed is true as well: `PO/SL`, `IV/PO`.
  [/\bpo(?:(?: ?\/ ?| or )(?:iv|im|sl|pr|ng|gt|peg)\b)+/g, 'po'],
  [/\b(?:(?:iv|im|sl|pr|ng|gt|peg)(?: ?\/ ?| or )){1,4}(?=po\b)/g, ''],
  // A tablet that melts on the tongue is swallowed: `odt 4 mg sl`.
  [/\b(odt\b.*?) sl\b/, '$1'],
];

/** A line of a chart, in lower case without accents, with shorthand written out. */
export const writeOutShorthand = (line: string): string =>
  SHORTHAND.reduce((text, [short, words]) => text.replace(short, words), line);
