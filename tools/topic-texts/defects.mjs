const TAG = /<[^>]*>/g;
/** The organisation that answers for a text is named behind it, without a full stop. */
const CREDIT =
  /^(?:NIH|CDC|USDA|FDA|(?:U\.S\. )?(?:Dept\.|Department)|Centers for|Centros|Agency|Agencia|Food and Drug|Administra|Environmental|Federal|National|Instituto|Departamento|Servicio|Oficina|United States|Fuente)/;

/** The words of a block without its markup. */
export const readPlain = ({ html }) => html.replace(TAG, '').trim();

export const isCredit = (block) => block.kind === 'p' && CREDIT.test(readPlain(block));

/** True for a paragraph that ends like an item of a list: without a mark of its end. */
export const isFragment = (block) => block.kind === 'p' && !/[.:?!]["”’)]*$/.test(readPlain(block)) && !isCredit(block);

/** True for a block whose words announce a list. */
export const opensList = (block) => block.kind !== 'h3' && block.kind !== 'table' && /:$/.test(readPlain(block));

/**
 * Counts what shows that blocks have lost their lists: fragments as paragraphs, announced lists that are none, lists of one item, paragraphs
 * between the items of a list.
 */
export function countDefects(blocks) {
  let count = 0;
  for (const [at, block] of blocks.entries()) {
    const next = blocks[at + 1];
    const before = blocks[at - 1];
    if (isFragment(block) && next?.kind !== 'table') count += 1;
    if (opensList(block) && !(next?.depth > block.depth) && next?.kind !== 'table') count += 1;
    if (block.kind !== 'li') continue;
    const opensOwn = (before?.depth ?? 0) < block.depth;
    if (opensOwn && before?.kind === 'li' && /\.$/.test(readPlain(before))) count += 1;
    const isLast = !(next?.depth >= block.depth);
    if (opensOwn && isLast) count += 1;
    // A list that is announced by nothing: its beginning lies before a paragraph.
    if (opensOwn && before?.kind === 'p' && !opensList(before) && !/[.?!]$/.test(readPlain(before))) count += 1;
  }
  return count;
}
