/** Whether a text is a chart, or the beginning of one: JSON, or XML. */
export const looksLikeChart = (text: string): boolean =>
  /^[\s\uFEFF]*(?:[{[]\s*(?:["{]|$)|<(?:\?xml|!--|[A-Za-z][\w.-]*(?::[\w.-]+)?[\s/>]))/.test(text);
