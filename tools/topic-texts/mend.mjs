/** The words of a text, each with the block that it opens, if it opens one. A text that lost its structure has no markup within a block. */
export function splitWords(html) {
  const words = [];
  let depth = 0;
  let opens;
  for (const [, tag, text] of html.matchAll(/<([^>]*)>|([^<]+)/g)) {
    if (tag === 'ul') depth += 1;
    else if (tag === '/ul') depth -= 1;
    if (tag === 'p' || tag === 'h3') opens = { kind: tag, depth: 0 };
    if (tag === 'li') opens = { kind: 'li', depth };
    for (const word of (text ?? '').split(/\s+/)) {
      if (word === '') continue;
      words.push({ word, opens });
      opens = undefined;
    }
  }
  return words;
}

/** A text of words and the blocks that they open. */
export function joinWords(words) {
  let html = '';
  let depth = 0;
  let open;
  const to = (target) => {
    while (depth > target) {
      html += `</li></ul>`;
      depth -= 1;
    }
  };
  const end = () => {
    if (open !== undefined && open.kind !== 'li') html += `</${open.kind}>`;
  };
  for (const { word, opens } of words) {
    if (!opens) {
      html += ` ${word}`;
      continue;
    }
    end();
    if (opens.kind === 'li') {
      const target = Math.min(opens.depth, depth + 1);
      to(target);
      html += depth < target ? '<ul><li>' : '</li><li>';
      depth = target;
    } else {
      to(0);
      html += `<${opens.kind}>`;
    }
    html += word;
    open = opens;
  }
  end();
  to(0);
  return html;
}
