/** The beginning of a text, which tells what it is. */
const BEGINNING_CHARS = 2000;

/** Whether a text is a chart, or the beginning of one: JSON, or XML. */
export const looksLikeChart = (text: string): boolean =>
  /^(?:[{[]\s*(?:["{]|$)|<(?:\?xml|!--|[A-Za-z][\w.-]*(?::[\w.-]+)?[\s/>]))/.test(
    text.trimStart().slice(0, BEGINNING_CHARS),
  );
