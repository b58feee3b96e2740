/** Each block of a text on a line of its own, as a person reads and compares it. */
export const breakLines = (html) =>
  html
    .replace(/(?<!^)<(?=(?:p|h3|ul|li)>)/g, '\n<')
    .replace(/(?=<\/ul>)/g, '\n')
    .replace(/(?<=<\/ul>)(?=<\/li>)/g, '\n');
