/** A question whether or why someone may eat, drink or use something; its subject stands behind. */
const MAY_HAVE =
  /^(?:why )?(?:can(?:['’]?t| ?not)?|should(?:n['’]?t| not)?|may|am) (?:i|we|you|he|she|they|(?:my |a |the )?(?:baby|babies|kids?|child|children|son|daughter|mom|dad|wife|husband|diabetics)) (?:not )?(?:allowed to |able to )?(?:still )?(?:eat|drink|have|take|use) (?:an? |any |the )?(?=\S)/i;
const MAY_HAVE_ES =
  /^(?:¿ ?)?(?:por qu[eé] )?(?:no )?(?:puedo|puede|podemos|debo|debe) (?:mi \S+ )?(?:comer|beber|tomar|usar) (?:una? |el |la |los |las )?(?=\S)/i;
/** The stage of a disease behind its name: `, stage 3`, `(stage IIIb)`, `NYHA class II`. */
const STAGE =
  /^(\S.{1,100}?)(?:, | ?\(|,? )(?:nyha )?(?:stage|grade|class|estadio|etapa|grado|clase) (?:[ivx]{1,4}|\d)[a-d]?\)?$/i;
/** A test with its result in words: whether it is negative is no denial. Its page stands behind (`strep test negative`) or before (`negative strep test`). */
const RESULT =
  /^(\S.{1,60} (?:test|screen|culture|swab|smear|biopsy|scan|x-?ray))(?: results?)?(?: (?:is|are|was|were|came back|come back))? (?:negative|neg|positive|pos|normal|pending|inconclusive)$/i;
const RESULT_ES = /^((?:prueba|examen|an[aá]lisis|cultivo|biopsia) \S.{1,60}) (?:negativ[oa]|positiv[oa]|normal)$/i;
const NEGATIVE =
  /^(?:negative|normal) (\S.{1,60} (?:test|screen|culture|swab|smear|biopsy|scan|x-?ray))(?: results?)?$/i;
/** Foods that have little or much of something: their page is the diet's, and no page on its level in the blood (`low potassium foods`). */
const FOODS = /^(\S.{1,40}) (?:foods?|meals?|snacks?|recipes?|menus?|meal plans?)$/i;
const FOODS_ES = /^(?:comidas?|recetas?|men[uú]s?) (?=(?:para|con|baj[ao]s?|alt[ao]s?) \S)/i;
/** A complaint without what it comes without: `no period not pregnant`, `bultos sin dolor`. */
const WITHOUT =
  /^(\S.{2,60}?),?(?: (?:and|but|y|pero))? (?:not|no|without|sin|ni)(?: (?:any|being|estoy|estar|está|tengo|tiene))? (?:pregnant|fever|pain|cough|headache|rash|vomiting|nausea|injury|symptoms|embarazada|fiebre|dolor|tos|vómitos?|náuseas?|síntomas)$/iu;
/** A denial before the complaint: `no fever but chills`. */
const BUT = /^(?:no|sin) \S.{1,40}? (?:but|pero) (?:has |have |tengo |tiene )?(?=\S)/i;
/** Bleeding in a week of a pregnancy: `spotting at 7 weeks`. What lasts for weeks is not `at` them. */
const IN_A_WEEK =
  /^(?:(?:i'?m|having|some|light|heavy|slight|brown|pink|vaginal) )*(?:bleeding|spotting) (?:at|@) \d{1,2} ?(?:weeks?|wks?)$/i;
const IN_A_WEEK_ES =
  /^(?:(?:tengo|estoy|un|poco|de|leve) )*(?:sangrado|sangrando|manchado|manchando) a las \d{1,2} semanas$/i;
/** A patient's words for the route of a drug. */
const UNDER_TONGUE = /^(\S.{1,60}) under (?:(?:the|my|your|his|her) )?tongue$/i;
/** Words of the wish to hurt oneself, which is no cut or burn yet. */
const SELF_HARM =
  /\b(?:urges?|wants?|wanting|thinking|thoughts?|feels? like|keeps?) (?:to |of |about |on )?(?:cut|hurt|harm|burn)(?:ting|ing)? (?:my|him|her|them)sel(?:f|ves)\b|\burges? to (?:cut|self[- ]harm)\b/i;
const SELF_HARM_ES = /\b(?:hacer(?:me|se)|me hago|se hace) daño(?! (?:en|al) )/i;
/** A complaint that lasts, and no period that is late. */
const LASTING =
  /^no (?:se )?(?:me|le) (?:baja|quita|va|pasa)n? (?:el |la |los |las )?(?=(?:fiebre|calentura|dolor|tos|hipo|gripe|gripa|mareo|hinchaz[oó]n)(?: |$))/i;
/** The wish to die, but for where. */
const SUICIDE =
  /\b(?:wants?|wanting|thinking|thoughts?) (?:to |of |about )(?:die|dying|kill(?:ing)? (?:my|him|her|them)sel(?:f|ves)|end(?:ing)? (?:my|his|her|their) li(?:fe|ves))\b(?! (?:at|in) )/i;
const SUICIDE_ES =
  /\b(?:pensar|pensando|pensamientos|pienso|piensa|ganas|quier[oe]) (?:en |de )?(?:morir(?:me|se)?|matar(?:me|se)|quitar(?:me|se) la vida)\b(?! en )/i;
/** A longer line tells more than that. */
const MAX_LENGTH = 120;

/**
 * Returns what a line is about in fewer words: the subject of a question whether someone may have it (`why can't I eat grapefruit`), a disease without its
 * stage (`Chronic kidney disease, stage 3`), a test without its result in words. Undefined for any other line.
 */
export function restateLine(line: string): string | undefined {
  if (line.length > MAX_LENGTH) return undefined;
  if (SELF_HARM.test(line)) return 'self-harm';
  if (SELF_HARM_ES.test(line)) return 'autolesión';
  if (SUICIDE.test(line)) return 'suicide';
  if (SUICIDE_ES.test(line)) return 'suicidio';
  const subject = line.replace(MAY_HAVE, '').replace(MAY_HAVE_ES, '');
  if (subject !== line) return subject.replace(/\?$/, '').trim() || undefined;
  const test = RESULT.exec(line) ?? RESULT_ES.exec(line) ?? NEGATIVE.exec(line);
  if (test) return test[1];
  if (IN_A_WEEK.test(line)) return 'vaginal bleeding in pregnancy';
  if (IN_A_WEEK_ES.test(line)) return 'sangrado vaginal en el embarazo';
  const foods = FOODS.exec(line)?.[1];
  if (foods !== undefined) return `${foods} diet`;
  if (FOODS_ES.test(line)) return line.replace(FOODS_ES, 'dieta ');
  const complaint = WITHOUT.exec(line)?.[1] ?? line.replace(BUT, '').replace(LASTING, '');
  if (complaint !== line) return complaint;
  const swallowed = UNDER_TONGUE.exec(line)?.[1];
  return swallowed === undefined ? STAGE.exec(line)?.[1] : `${swallowed} sublingual`;
}
