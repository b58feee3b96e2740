/** Words that clinical drug names (RxNorm, EHR formularies) carry beside the ingredient. All lower case. */

/** Salts, esters, hydrates and grinds that seldom change which page explains the drug. */
export const SALTS: ReadonlySet<string> = new Set(
  (
    'hydrochloride hcl hydrobromide sodium potassium calcium magnesium sulfate sulphate acetate besylate maleate ' +
    'tartrate succinate fumarate citrate phosphate mesylate nitrate bromide chloride trihydrate monohydrate dihydrate ' +
    'hemihydrate anhydrous medoxomil hyclate propionate furoate dipropionate disodium bitartrate hydrate axetil ' +
    'pamoate lactate gluconate xinafoate mofetil fosamil tromethamine arginine aspartate benzoate butyrate camsylate ' +
    'carbonate cilexetil cypionate decanoate dihydrochloride dimeglumine dipivoxil disoproxil ditosylate edisylate enanthate erbumine ' +
    'esylate estolate etabonate etexilate ethylsuccinate glycolate hexahydrate isethionate lauroxil malate ' +
    'meglumine napsylate olamine oxalate palmitate pentahydrate pivoxil polistirex proxetil saccharate stearate ' +
    'tannate tosylate undecanoate valerate acetonide hemifumarate bisulfate heptahydrate macrocrystals ' +
    'macrocrystalline micronized ultramicronized dimesylate dipotassium besilate hippurate mandelate diacetate'
  ).split(' '),
);

/** First words of names that are a salt's name, as in potassium chloride: their salts are not removed. */
export const METALS: ReadonlySet<string> = new Set(
  (
    'aluminum ammonium barium bismuth calcium copper cupric ferric ferrous gold iron lanthanum lithium magnesium ' +
    'manganese potassium selenium silver sodium strontium zinc'
  ).split(' '),
);

/** Other names of an ingredient: abbreviations in orders, international and older names, RxNorm's long ones. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['6-aminocaproic acid', 'aminocaproic acid'],
  ['acetylsalicylic acid', 'aspirin'],
  ['adrenaline', 'epinephrine'],
  ['alendronic acid', 'alendronate'],
  ['apap', 'acetaminophen'],
  ['asa', 'aspirin'],
  ['beclometasone', 'beclomethasone'],
  ['ciclosporin', 'cyclosporine'],
  ['clavulanic acid', 'clavulanate'],
  ['estrogens conjugated', 'conjugated estrogens'],
  ['estrogens esterified', 'esterified estrogens'],
  ['ethacrynate', 'ethacrynic acid'],
  ['frusemide', 'furosemide'],
  ['glibenclamide', 'glyburide'],
  ['glyceryl trinitrate', 'nitroglycerin'],
  ['hctz', 'hydrochlorothiazide'],
  ['ibandronic acid', 'ibandronate'],
  ['insulin aspart human', 'insulin aspart'],
  ['insulin aspart protamine human', 'insulin aspart protamine'],
  ['insulin detemir human', 'insulin detemir'],
  ['insulin glargine human', 'insulin glargine'],
  ['insulin glulisine human', 'insulin glulisine'],
  ['insulin human isophane', 'insulin isophane'],
  ['insulin isophane human', 'insulin isophane'],
  ['insulin lispro protamine human', 'insulin lispro protamine'],
  ['insulin nph', 'insulin isophane'],
  ['insulin regular human', 'insulin regular'],
  ['levothyroxin', 'levothyroxine'],
  ['nph insulin', 'insulin isophane'],
  ['paracetamol', 'acetaminophen'],
  ['regular insulin', 'insulin regular'],
  ['regular insulin human', 'insulin regular'],
  ['rifampicin', 'rifampin'],
  ['risedronic acid', 'risedronate'],
  ['salbutamol', 'albuterol'],
  ['salmon calcitonin', 'calcitonin'],
  ['smx', 'sulfamethoxazole'],
  ['smz', 'sulfamethoxazole'],
  ['thyroxine', 'levothyroxine'],
  ['tmp', 'trimethoprim'],
  ['triiodothyronine', 'liothyronine'],
  ['valproate', 'valproic acid'],
  ['vitamin b12', 'cyanocobalamin'],
  ['vitamin k1', 'phytonadione'],
  ['zoledronate', 'zoledronic acid'],
]);

type Routes = readonly (readonly [pattern: RegExp, route: string])[];

/** Patterns of routes that have their own pages, and the suffix of a name with that route; the first match applies. */
export const ROUTES: Routes = [
  [/\b(nasal|intranasal|nasally)\b/, 'nasal'],
  [/\b(ophthalmic|eye|eyes)\b/, 'ophthalmic'],
  [/\b(otic|ear|ears)\b/, 'otic'],
  [/\b(vaginal|vaginally)\b/, 'vaginal'],
  [/\b(rectal|rectally|suppository|suppositories|enema)\b/, 'rectal'],
  [/\b(transdermal|patch|patches)\b/, 'transdermal'],
  [/\b(intrauterine|iud)\b/, 'intrauterine'],
  [/\bimplant\b/, 'implant'],
  [/\b(urethral|urogenital)\b/, 'urethral'],
  [/\bintravesical\b/, 'intravesical'],
  [/\bintrapleural\b/, 'intrapleural'],
  [/\b(intrathecal|epidural)\b/, 'intrathecal'],
  [/\b(intravitreal|intraocular|intracameral)\b/, 'intraocular'],
  [/\birrigation\b/, 'irrigation'],
  [/\b(dental|toothpaste|gingival|periodontal|mouthwash)\b/, 'dental'],
  [/\b(topical|topically|external|cutaneous|skin|scalp|shampoo)\b/, 'topical'],
  [/\b(inhal[a-z]*|nebuli[a-z]*|hfa|diskus|respimat|ellipta|turbuhaler)\b/, 'inhalation'],
  [
    /\b(injections?|injectable|injector|intravenous|iv|subcutaneous|subq|intramuscular|im|infusion|intradermal)\b/,
    'injection',
  ],
];

/** Forms taken by mouth. The plain name leads to these pages; some drugs have one for each form. */
export const BY_MOUTH: Routes = [
  [/\bsublingual(ly)?\b/, 'sublingual'],
  [/\bbuccal\b/, 'buccal'],
  [/\b(lozenges?|troches?)\b/, 'lozenge'],
  [/\b(chewing gum|gum)\b/, 'gum'],
  [
    /\b(oral|orally|tablets?|tabs?|capsules?|caps?|caplets?|softgels?|pills?|syrup|elixir|chewable|wafers?|by mouth|po)\b/,
    'oral',
  ],
];

/** Forms that only imply a route. They count only if neither a route nor a form by mouth is stated. */
export const IMPLIED_ROUTES: Routes = [
  [/\b(cream|ointment|lotion|gel|foam|pads?|swabs?)\b/, 'topical'],
  [/\b(syringes?|cartridges?|pens?|vials?|ampules?|ampuls?)\b/, 'injection'],
  [/\b(actuat|aerosol|puffs?|inh)\b/, 'inhalation'],
  // Drops or spray without a site: better no page than the tablets'.
  [/\b(drops?|spray)\b/, 'drops'],
];

/** Sites of a spray into the mouth, which has its own pages (nitroglycerin, fentanyl). */
export const MOUTH = /\b(oral|mucosal|lingual|translingual|sublingual|buccal)\b/;

/** Forms, and words around them, that are removed from a name. */
export const FORMS: ReadonlySet<string> = new Set(
  (
    'oral orally by mouth po tablet tablets tab tabs capsule capsules cap caps caplet caplets softgel softgels solution ' +
    'suspension emulsion concentrate syrup elixir drop drops spray powder chewable chewing disintegrating extended ' +
    'delayed immediate sustained controlled modified release rel er xr xl sr dr ec cr la cd ir odt enteric film coated ' +
    'osmotic abuse deterrent hr hrs hour hours product pill pills pack packet metered dose doses inhaler inhalant ' +
    'prefilled pre filled auto autoinjector kit for in liquid lozenge lozenges troche troches gum granules pellet ' +
    'pellets per sublingual buccal mucosal lingual translingual system device drug medicated ring insert day days daily ' +
    'once twice weekly starter titration therapy dry flexpen flextouch kwikpen solostar sureclick unit'
  ).split(' '),
);

/** Marks of a product's approval that some lists put before its name. */
export const APPROVALS = /\b(nda|anda|bla)\d+\b/g;

/** The four meaningless letters that the FDA adds to a biological's name: adalimumab-adaz. One page covers them. */
export const BIOLOGICAL_SUFFIX =
  /(?<=mab|cept|stim|ase|alfa|glargine|aspart|lispro|beta|botulinumtoxina)-[a-z]{4}(?![a-z])/g;

/** A strength: a number with its unit, perhaps per another. */
export const STRENGTH =
  /\b\d[\d.,]*\s*(milligrams?|micrograms?|mg|mcg|ug|gm?|grams?|ml|l|unt|units?|iu|meq|mmol|mci|cells|vector-genomes|%|hrs?|actuat)(\/(\d[\d.,]*\s*)?(mg|mcg|ml|l|actuat|hrs?|hour|gm?|gram|day|puff|inh|spray|dose|tablet|tab|unt))?(?![a-z])/g;
