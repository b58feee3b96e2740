/** A question whether or why someone may eat, drink or use something; its subject stands behind. */
const MAY_HAVE =
  /^(?:why )?(?:can(?:['’]?t| ?not)?|should(?:n['’]?t| not)?|may|am) (?:i|we|you|he|she|they|(?:my |a |the )?(?:baby|babies|kids?|child|children|son|daughter|mom|dad|wife|husband|diabetics)) (?:not )?(?:allowed to |able to )?(?:still )?(?:eat|drink|have|take|use) (?:an? |any |the )?(?=\S)/i;
const MAY_HAVE_ES =
  /^(?:¿ ?)?(?:por qu[eé] )?(?:no )?(?:puedo|puede|podemos|debo|debe) (?:mi \S+ )?(?:comer|beber|tomar|usar) (?:una? |el |la |los |las )?(?=\S)/i;
/** The stage of a disease behind its name: `, stage 3`, `(stage IIIb)`, `NYHA class II`. */
const STAGE =
  /^(\S.{1,100}?)(?:, | ?\(|,? )(?:nyha )?(?:stage|grade|class|estadio|etapa|grado|clase) (?:[ivx]{1,4}|\d)[a-d]?\)?$/i;
/** A longer line tells more than that. */
const MAX_LENGTH = 120;

/**
 * Returns what a line is about in fewer words: the subject of a question whether someone may have it (`why can't I eat grapefruit`), a disease without its
 * stage (`Chronic kidney disease, stage 3`). Undefined for any other line.
 */
export function restateLine(line: string): string | undefined {
  if (line.length > MAX_LENGTH) return undefined;
  const subject = line.replace(MAY_HAVE, '').replace(MAY_HAVE_ES, '');
  if (subject !== line) return subject.replace(/\?$/, '').trim() || undefined;
  return STAGE.exec(line)?.[1];
}
