/** Words that clinical drug names (RxNorm, EHR formularies) carry beside the ingredient. All lower case. */

/** Salts and hydrates that do not change which page explains the drug. */
export const SALTS: ReadonlySet<string> = new Set(
  (
    'hydrochloride hcl hydrobromide sodium potassium calcium magnesium sulfate sulphate acetate besylate maleate ' +
    'tartrate succinate fumarate citrate phosphate mesylate nitrate bromide chloride trihydrate monohydrate dihydrate ' +
    'hemihydrate anhydrous medoxomil hyclate propionate furoate dipropionate disodium bitartrate hydrate axetil ' +
    'pamoate lactate gluconate xinafoate mofetil fosamil tromethamine'
  ).split(' '),
);

/** Drugs whose name is a salt's name: nothing is taken away from these. */
export const NOT_SALTS: ReadonlySet<string> = new Set([
  'potassium chloride',
  'calcium acetate',
  'calcium carbonate',
  'sodium bicarbonate',
  'magnesium sulfate',
  'magnesium citrate',
  'ferrous sulfate',
  'ferrous gluconate',
  'ferrous fumarate',
  'lithium carbonate',
  'sodium chloride',
  'potassium citrate',
]);

/** What tells a route that has a page of its own, and the word that a name bound to it ends in; the first that fits. */
export const ROUTES: readonly (readonly [pattern: RegExp, route: string])[] = [
  [/\b(nasal|intranasal)\b/, 'nasal'],
  [/\b(ophthalmic|eye)\b/, 'ophthalmic'],
  [/\b(otic|ear)\b/, 'otic'],
  [/\b(inhal\w*|nebuli\w*|actuat|hfa|aerosol|diskus)\b/, 'inhalation'],
  [/\b(transdermal|patch)\b/, 'transdermal'],
  [/\b(vaginal)\b/, 'vaginal'],
  [/\b(rectal|suppository|enema)\b/, 'rectal'],
  [/\b(topical|cream|ointment|lotion|gel|shampoo|foam)\b/, 'topical'],
  [
    /\b(injection|injectable|injector|syringe|cartridge|pen|vial|intravenous|subcutaneous|intramuscular)\b/,
    'injection',
  ],
  // Drops or spray of who knows where: better no page than the tablets'.
  [/\b(drops?|spray)\b/, 'drops'],
];

/** Ways to take a drug by mouth. The plain name leads to these pages; some drugs have one for each way. */
export const BY_MOUTH: typeof ROUTES = [
  [/\bsublingual\b/, 'sublingual'],
  [/\bbuccal\b/, 'buccal'],
  [/\b(oral|tablets?|tabs?|capsules?|caps?|syrup|elixir|chewable)\b/, 'oral'],
];

/** Forms, and words around them, that are taken out of a name. */
export const FORMS =
  /\b(oral|tablets?|tabs?|capsules?|caps?|solution|suspension|syrup|elixir|drops?|spray|powder|chewable|disintegrating|extended|delayed|immediate|release|er|xr|sr|dr|ec|film|coated|hr|hour|product|pill|pack|metered|dose|inhaler|inhalant|prefilled|auto|kit|for|liquid|lozenge|granules|per|sublingual|buccal)\b/g;

/** A strength: a number with its unit, perhaps per another. */
export const STRENGTH =
  /\b\d[\d.,]*\s*(mg|mcg|ug|gm?|gram|ml|l|unt|units?|iu|meq|mmol|%|hr|actuat|nda\d+)(\/(\d[\d.,]*\s*)?(mg|ml|l|actuat|hr|gm?|gram|day))?(?![a-z])/g;
