/** A code has a digit and no blank; the name of its system may stand before it. */
const CODE = /^(?:[a-z][a-z0-9-]{1,10}(?: ct)?[\s:]+)?(?=\S*\d)[a-z\d][a-z\d.-]{2,63}$/i;
/** A code that looks like nothing else: blanks alone may stand between such. */
const ICD_CODE = /^(?:[a-z]\d[\da-z](?:\.[\da-z]{1,4})?|\d{3}\.\d{1,2})$/i;

/** The codes of a list on one line: divided by commas or semicolons, or by blanks where each is plainly a code. Else none. */
export function readSeveralCodes(query: string): string[] {
  const parts = query
    .split(/[,;\r\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length > 1) return parts.every((part) => CODE.test(part)) ? parts : [];
  const words = query.split(/\s+/).filter((word) => word !== '');
  return words.length > 1 && words.every((word) => ICD_CODE.test(word)) ? words : [];
}

/** Whether a text is FHIR's JSON, or its beginning. */
export const looksLikeChart = (text: string): boolean => /^\s*[{[]\s*(?:["{]|$)/.test(text);
