/** Spanish international non-proprietary names by the rules that make them of the English ones. */

const WORDS = new Map([
  ['acid', 'ácido'],
  ['sodium', 'sodio'],
  ['potassium', 'potasio'],
  ['calcium', 'calcio'],
  ['magnesium', 'magnesio'],
  ['insulin', 'insulina'],
]);

/** Endings, the first that fits. */
const ENDINGS = [
  [/artan$/, 'artán'],
  [/(st|tr|ch)eine$/, '$1eína'],
  [/deine$/, 'deína'],
  [/feine$/, 'feína'],
  [/caine$/, 'caína'],
  [/ine$/, 'ina'],
  [/floxacin$/, 'floxacino'],
  [/profen$/, 'profeno'],
  [/parin$/, 'parina'],
  [/in$/, 'ina'],
  [/azole$/, 'azol'],
  [/ole$/, 'ol'],
  [/one$/, 'ona'],
  [/ide$/, 'ida'],
  [/ate$/, 'ato'],
  [/ane$/, 'ano'],
  [/ene$/, 'eno'],
  [/ase$/, 'asa'],
  [/ose$/, 'osa'],
  [/xel$/, 'xel'],
  [/ium$/, 'io'],
  [/fil$/, 'filo'],
  [/vir$/, 'vir'],
  [/ic$/, 'ico'],
  [/yl$/, 'ilo'],
];

function letters(word) {
  return word
    .replace(/ph/g, 'f')
    .replace(/th/g, 't')
    .replace(/rh/g, 'r')
    .replace(/ch(?=[aou])/g, 'c')
    .replace(/ch(?=[ei])/g, 'qu')
    .replace(/chl/g, 'cl')
    .replace(/chr/g, 'cr')
    .replace(/y(?=[^aeou])/g, 'i')
    .replace(/([bdfgkmnpstz])\1/g, '$1')
    .replace(/ll/g, 'l')
    .replace(/cc(?=[aou])/g, 'c')
    .replace(/ae/g, 'e')
    .replace(/k/g, 'c')
    .replace(/^s(?=[bcdfgmpqt])/, 'es');
}

function spanishWord(word) {
  const own = WORDS.get(word);
  if (own) return own;
  const ending = ENDINGS.find(([pattern]) => pattern.test(word));
  return letters(ending ? word.replace(ending[0], ending[1]) : word);
}

/** A name's Spanish form by rule; undefined where it is the English one. `valproic acid` → `ácido valproico`. */
export function spanishName(name) {
  if (!/^[a-z]{4,}( acid)?$/.test(name) || /(mab|nib|cept|stim|alfa|beta)$/.test(name)) return undefined;
  const words = name.split(' ').map(spanishWord);
  const spanish = words.at(-1) === 'ácido' ? ['ácido', ...words.slice(0, -1)].join(' ') : words.join(' ');
  return spanish === name ? undefined : spanish;
}
