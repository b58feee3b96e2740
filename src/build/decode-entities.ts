/** Entities other than letters with a diacritic; an unknown one stays as written. */
const SYMBOLS = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    shy: '',
    iexcl: '¡',
    iquest: '¿',
    ordf: 'ª',
    ordm: 'º',
    laquo: '«',
    raquo: '»',
    lsquo: '‘',
    rsquo: '’',
    ldquo: '“',
    rdquo: '”',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    bull: '•',
    middot: '·',
    deg: '°',
    micro: 'µ',
    reg: '®',
    copy: '©',
    trade: '™',
  }),
);

/** The suffix of a letter's entity (`ntilde`) and its combining mark. */
const MARKS = new Map(
  Object.entries({
    acute: '\u0301',
    grave: '\u0300',
    circ: '\u0302',
    tilde: '\u0303',
    uml: '\u0308',
    ring: '\u030a',
    cedil: '\u0327',
  }),
);

/** HTML reads the numbers 128 to 159 in this encoding: word processors write their quotation marks with them. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function decodeNumber(code: number): string | undefined {
  if (code >= 128 && code <= 159) return WINDOWS_1252[code - 128];
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}

function decodeName(name: string): string | undefined {
  const mark = MARKS.get(name.slice(1));
  return mark === undefined ? SYMBOLS.get(name) : `${name.charAt(0)}${mark}`.normalize('NFC');
}

/** Decodes the character references of an HTML text: numeric ones, letters with marks, common symbols. */
export function decodeEntities(html: string): string {
  return html.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (written, decimal, hex, name) => {
    if (name) return decodeName(String(name)) ?? written;
    return decodeNumber(decimal ? Number(decimal) : Number.parseInt(String(hex), 16)) ?? written;
  });
}
