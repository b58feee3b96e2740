/** Each block of a text on a line of its own, as a person reads and compares it. */
export const breakLines = (html) =>
  html
    .replace(/(?<!^)<(?=(?:p|h3|ul|li|table|tr)>)/g, '\n<')
    .replace(/(?=<\/(?:ul|table)>)/g, '\n')
    .replace(/(?<=<\/ul>)(?=<\/li>)/g, '\n');
