/** RxNorm's dose forms and the routes that they tell, in the words of resources/drugs/name-words.yaml; `?` tells none. */
const FORMS = {
  oral:
    'Oral Tablet|Oral Capsule|Oral Solution|Oral Suspension|Extended Release Oral Tablet|Chewable Tablet|Extended Release Oral Capsule|' +
    'Disintegrating Oral Tablet|Delayed Release Oral Tablet|Delayed Release Oral Capsule|Powder for Oral Solution|Oral Powder|Oral Granules|' +
    'Powder for Oral Suspension|Oral Pellet|Effervescent Oral Tablet|Tablet for Oral Suspension|Granules for Oral Suspension|Oral Film|' +
    'Extended Release Suspension|Oral Wafer|Granules for Oral Solution|Chewable Extended Release Oral Tablet|Delayed Release Oral Granules|' +
    'Oral Flakes|Chewable Bar|Oral Cream|Granule for Oral Solution|Tablet|Sustained Release Oral Capsule|Extended Release Capsule',
  injection:
    'Injection|Injectable Solution|Prefilled Syringe|Auto-Injector|Cartridge|Injectable Suspension|Pen Injector|Jet Injector|Injectable Foam|' +
    'Injectable Powder|Suspension for Injection|Intraperitoneal Solution',
  topical:
    'Topical Cream|Topical Solution|Topical Ointment|Topical Gel|Topical Lotion|Topical Spray|Medicated Pad|Medicated Shampoo|' +
    'Medicated Liquid Soap|Topical Foam|Topical Powder|Topical Oil|Medicated Bar Soap|Powder Spray|Topical Suspension|Topical Liquefied Gas|Medicated Tape',
  ophthalmic:
    'Ophthalmic Solution|Ophthalmic Ointment|Ophthalmic Suspension|Ophthalmic Gel|Ophthalmic Spray|Ophthalmic Cream|Ophthalmic Irrigation Solution',
  otic: 'Otic Solution|Otic Suspension|Otic Gel|Otic Ointment',
  nasal:
    'Nasal Spray|Metered Dose Nasal Spray|Nasal Solution|Nasal Inhalant|Nasal Gel|Nasal Powder|Powder for Nasal Solution|Nasal Ointment|Nasal Cream',
  inhalation:
    'Dry Powder Inhaler|Inhalation Solution|Metered Dose Inhaler|Inhalation Powder|Inhalation Spray|Inhalation Suspension|Gas for Inhalation',
  transdermal: 'Transdermal System|Medicated Patch',
  rectal: 'Rectal Suppository|Rectal Cream|Enema|Rectal Ointment|Rectal Gel|Rectal Foam|Rectal Spray|Rectal Solution',
  vaginal:
    'Vaginal Cream|Vaginal Insert|Vaginal Gel|Vaginal System|Vaginal Ointment|Douche|Vaginal Foam|Vaginal Film|Vaginal Tablet|Vaginal Suppository',
  sublingual: 'Sublingual Tablet|Sublingual Film|Sublingual Powder',
  buccal: 'Buccal Film|Buccal Tablet|Sustained Release Buccal Tablet',
  lozenge: 'Oral Lozenge',
  gum: 'Chewing Gum',
  spray: 'Mucosal Spray|Oral Spray',
  dental: 'Mouthwash|Toothpaste|Oral Gel|Oral Paste|Oral Ointment|Oral Foam|Mucous Membrane Topical Solution',
  implant: 'Drug Implant',
  intrauterine: 'Intrauterine System',
  urethral: 'Urethral Suppository',
  intravesical:
    'Intravesical Solution|Powder for Intravesical Suspension|Intravesical Suspension|Powder for Intravesical Solution|Powder for Pyelocalyceal Solution',
  irrigation: 'Irrigation Solution',
  '?': 'Paste|Intratracheal Suspension|Extended Release Pellet',
};

const ROUTE_OF = new Map(
  Object.entries(FORMS).flatMap(([route, forms]) => forms.split('|').map((form) => [form, route])),
);
const LONGEST = 5;

/** The form that a clinical drug's name ends in and its route; both undefined where none is known. */
export function formOf(name) {
  const words = name.replace(/\s*\[[^[\]]*\]\s*$/, '').split(' ');
  for (let count = Math.min(LONGEST, words.length); count > 0; count -= 1) {
    const form = words.slice(-count).join(' ');
    const route = ROUTE_OF.get(form);
    if (route) return { form, route: route === '?' ? undefined : route };
  }
  return { form: undefined, route: undefined };
}
