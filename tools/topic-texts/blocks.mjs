/** Each block of a text on a line of its own, as a person reads and compares it. */
export const breakLines = (html) =>
  html
    .replace(/(?<!^)<(?=(?:p|h3|ul|li|table|tr)>)/g, '\n<')
    .replace(/(?=<\/(?:ul|table)>)/g, '\n')
    .replace(/(?<=<\/ul>)(?=<\/li>)/g, '\n');

/** Reads the blocks of a text in their order: paragraphs, headings, items with the depth of their list, whole tables. */
export function readBlocks(html) {
  const blocks = [];
  let depth = 0;
  for (const [, table, tag, inner] of html.matchAll(
    /(<table>.*?<\/table>)|<(\/?(?:p|h3|ul|li))>((?:(?!<\/?(?:p|h3|ul|li|table)>).)*)/gs,
  )) {
    if (table !== undefined) blocks.push({ kind: 'table', depth: 0, html: table });
    else if (tag === 'ul') depth += 1;
    else if (tag === '/ul') depth -= 1;
    const text = (inner ?? '').trim();
    if (text === '') continue;
    if (tag.startsWith('/') || tag === 'ul') throw new Error(`text outside of blocks: ${text}`);
    blocks.push({ kind: tag, depth: tag === 'li' ? depth : 0, html: text });
  }
  return blocks;
}

/** Writes the html of blocks. An item is at most one list deeper than the block before it. */
export function joinBlocks(blocks) {
  let html = '';
  let depth = 0;
  const close = (target) => {
    for (; depth > target; depth -= 1) html += '</li></ul>';
  };
  for (const { kind, depth: wanted, html: inner } of blocks) {
    const target = Math.min(wanted, depth + 1);
    close(target);
    if (kind === 'li') html += depth < target ? `<ul><li>${inner}` : `</li><li>${inner}`;
    else html += kind === 'table' ? inner : `<${kind}>${inner}</${kind}>`;
    depth = target;
  }
  close(0);
  return html;
}
