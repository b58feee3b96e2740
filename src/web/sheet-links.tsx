import { readableAddress } from './article-facts.js';
import { Link, findReaderLinks } from './language-links.js';
import type { PageContext } from './page-context.js';
import { QrCode } from './qr-code.js';
import type { SheetArticle } from './sheet-page.js';

/** Pages on an article's subject in the language that the patient reads, each with an address to type and to scan. */
export function SheetLinks({ content, page }: { content: SheetArticle; page: PageContext }) {
  return (
    <>
      {findReaderLinks(content, page).map((link) => (
        <div class="sheet-address">
          <QrCode address={link.url} label={page.t('sheet.scan', { title: link.title ?? link.publisher })} />
          <p>
            <Link link={link} page={page} />
            <br />
            {readableAddress(link.url)}
          </p>
        </div>
      ))}
    </>
  );
}
