/** Text between tags. */
const TEXT = /(?<=^|>)[^<]+/g;
/** The end of a sentence or of a label that stands close to the next. */
const GLUED = /(?<=\p{Ll}{2}[.?!:])(?=\p{Lu}\p{Ll})/gu;

/** A link to a picture, without words. */
const PICTURE = /!<a [^>]*><\/a>/g;

/** Removes what is left in blocks of pictures and of bullets, and parts sentences that have no blank between them. */
export function clearRemains(blocks) {
  return blocks
    .map((block) => ({ ...block, html: block.html.replace(PICTURE, '').trim() }))
    .filter(({ html }) => html !== '')
    .flatMap((block) => {
      const parts = block.html.split(/ ?\* (?=\p{Lu}|<)/u);
      return (block.kind === 'table' ? [block.html] : parts).map((html) => ({
        ...block,
        html: html.replace(/^[•·] /, '').replace(TEXT, (text) => text.replace(GLUED, ' ')),
      }));
    });
}
