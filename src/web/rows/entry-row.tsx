import type { ComponentChildren } from 'preact';
import { FoundArticle } from './found-article.js';
import { AddButton } from './add-button.js';
import { CarriedDepartment } from '../department.js';
import type { PageContext } from '../page-context.js';
import { WrongPage, type CardContent } from './article-row.js';
import { CarriedBasket } from '../parts/basket.js';
import { About } from '../parts/phrase.js';

/**
 * State of an entry. `found`: an article; `check`: one that its words suit, to be checked by a person;
 * `choose`: it may mean several things; `held`: it names something that the patient does not have, or a clinician decides;
 * `none`: nothing was found.
 */
export type RowState = 'found' | 'check' | 'choose' | 'held' | 'none';

/** Id of the row of a numbered entry. */
export const rowId = (number: number): string => `row-${number}`;

interface EntryRowProps {
  readonly state: RowState;
  /** Number of the entry in its list. */
  readonly number?: number;
  /** The article that the row's button adds. */
  readonly added: CardContent | undefined;
  /** The entry, or the facts that the article explains. */
  readonly read?: ComponentChildren;
  /** Other readings, on demand. */
  readonly change?: ComponentChildren;
  readonly page: PageContext;
  /** The article, or why there is none. */
  readonly children: ComponentChildren;
}

/** One row of a list of results: of a pasted list, a chart, a launch. */
export function EntryRow({ state, number, added, read, change, page, children }: EntryRowProps) {
  return (
    <li class={`entry entry-${state}`} id={number === undefined ? undefined : rowId(number)} value={number}>
      {added ? <AddButton content={added} page={page} /> : <span class="add-none" />}
      {read === undefined ? null : <div class="row-read">{read}</div>}
      <div class="row-found">{children}</div>
      {change}
    </li>
  );
}

interface ChangeProps extends Pick<SearchAgainProps, 'words' | 'page'> {
  /** Distinguishes the row's search box. */
  readonly id: string | number;
  /** Name of the row, for those who hear it. */
  readonly about: ComponentChildren;
  readonly name: string;
  /** The article of the row. */
  readonly card: CardContent | undefined;
  /** Further articles; one without a box has it in another row. */
  readonly others?: readonly { readonly card: CardContent; readonly hasBox: boolean }[];
}

/** Why the article is here, further articles, and a search in its place. */
export function RowChange({ id, about, name, words, card, others = [], page }: ChangeProps) {
  const { t } = page;
  return (
    <details class="more row-change">
      <summary>
        {t('packet.changeRow')}
        {about}
      </summary>
      {card?.why ? (
        <p class="hint">
          {t('page.why')}: {card.why}
        </p>
      ) : null}
      {others.length === 0 ? null : (
        <ul class="row-others">
          {others.map((other) => (
            <li>
              {other.hasBox ? <AddButton content={other.card} page={page} /> : null}
              <span>
                <FoundArticle card={other.card} page={page} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <SearchAgain id={`again-${id}`} words={words} about={name} page={page} />
      {card ? <WrongPage content={card} page={page} /> : null}
    </details>
  );
}

interface SearchAgainProps {
  readonly id: string;
  /** Words that the box is filled with. */
  readonly words: string;
  /** Name of the row that is searched for anew. */
  readonly about: string;
  readonly page: PageContext;
}

/** A search with words filled in, posted as the search box is. A launched page has none: its list accepts words itself. */
function SearchAgain({ id, words, about, page }: SearchAgainProps) {
  if (page.launched !== undefined) return null;
  return (
    <form action={`${page.basePath}/packet`} method="post" class="again">
      {page.language === page.preferred ? null : <input type="hidden" name="lang" value={page.language} />}
      <CarriedBasket page={page} />
      <CarriedDepartment page={page} />
      <label for={id}>{page.t('packet.searchAgain')}</label>
      <input id={id} name="q" type="text" value={words} autocomplete="off" spellcheck={false} />
      <button type="submit" class="action">
        {page.t('page.search')}
        <About title={about} language={undefined} />
      </button>
    </form>
  );
}
