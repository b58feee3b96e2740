import { LanguageNotice } from '../parts/language-links.js';
import { groupBy } from '../../core/group-by.js';
import { RowChange, EntryRow, rowId, type RowState } from '../rows/entry-row.js';
import { FoundArticle } from '../rows/found-article.js';
import type { PageContext } from '../page-context.js';
import { About, CuratorNote } from '../parts/phrase.js';
import { renderEach } from './entry-parts.js';
import { BASKET_FORM } from '../parts/basket.js';
import { LIST_FORM } from './list-form.js';
import type { Choice, ListRow } from './list-rows.js';

/** Possible meanings of an entry: one press replaces it in the list. */
function Choices({ row, page }: { row: ListRow; page: PageContext }) {
  if (row.choices.length === 0) return null;
  const { from, to, text } = row.item;
  const formatChoice = (choice: Choice): string => JSON.stringify([from, to, text, choice.text]);
  const { launched, basePath } = page;
  // In a launch the list belongs to the form of the articles: what is ticked is sent with it.
  const form =
    launched === undefined ? { form: LIST_FORM.id } : { form: BASKET_FORM, formAction: `${basePath}${launched}` };
  return (
    <ul class="choices" aria-label={page.t('words.readings')}>
      {row.choices.map((choice) => (
        <li>
          <button type="submit" class="action" {...form} name="as" value={formatChoice(choice)}>
            <span lang={choice.language}>{choice.label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The state in place of an article; a held one by its title, which is shown on demand. */
function State({ row: { state, others }, page }: { row: ListRow; page: PageContext }) {
  const [held] = state === 'held' ? others : [];
  if (!held) return <strong>{page.t(`packet.states.${state}`)}</strong>;
  return <strong lang={held.card.text.language}>{held.card.text.title}</strong>;
}

/** The article of an entry, or why there is none. */
function Outcome({ row, page }: { row: ListRow; page: PageContext }) {
  const { card, sameAs, reason, state } = row;
  const { t } = page;
  return (
    <>
      {card ? <FoundArticle card={card} page={page} /> : <State row={row} page={page} />}
      {sameAs === undefined ? null : (
        <p class="hint">
          <a href={`#${rowId(sameAs.number)}`}>{t('packet.sameAs', { text: sameAs.text })}</a>
        </p>
      )}
      {reason === '' || sameAs !== undefined ? null : (
        <p class={state === 'check' ? 'mark' : 'hint'}>
          {reason}
          <CuratorNote note={row.note} />
        </p>
      )}
      <Choices row={row} page={page} />
    </>
  );
}

/** One entry: its text, its articles, and buttons to change its reading. */
function Row({ row, page }: { row: ListRow; page: PageContext }) {
  const { card, item, sameAs, state } = row;
  const { t } = page;
  const times = item.times > 1 ? ` (${t('packet.times', { count: item.times })})` : '';
  const read = (
    <>
      <span class="typed">{item.text}</span>
      {times}
      <span class="quiet">
        <span lang={row.readAsLanguage}>{row.readAs}</span>
        {item.isCut ? ` · ${t('packet.cut')}` : ''}
      </span>
    </>
  );
  const about = <About title={item.text} language={undefined} />;
  const { number, words, others } = row;
  return (
    <EntryRow
      {...{ state, number, read, page }}
      added={sameAs === undefined ? card : undefined}
      change={<RowChange {...{ id: number, about, name: item.text, words, card, others, page }} />}
    >
      <Outcome row={row} page={page} />
    </EntryRow>
  );
}

/** States that need a person's attention, the most important first. */
const TO_LOOK_AT = ['none', 'choose', 'check', 'held'] as const satisfies readonly RowState[];

/** How many entries were not found, in a line. */
export function summarizeRows(rows: readonly ListRow[], { t }: PageContext): string {
  const missing = rows.filter(({ state }) => state === 'none').length;
  const values = { count: missing, of: rows.length };
  return missing > 0
    ? t('packet.notFound', values)
    : t(rows.length === 1 ? 'packet.oneFound' : 'packet.allFound', values);
}

/** Names of entries of a state, each leads to its row; of many the first. */
const MOST_NAMED = 30;
function Named({ rows, page }: { rows: readonly ListRow[]; page: PageContext }) {
  const left = rows.length - MOST_NAMED;
  return (
    <>
      {rows.slice(0, MOST_NAMED).map((row, index) => (
        <>
          {index > 0 ? ', ' : ''}
          <a href={`#${rowId(row.number)}`}>{row.item.text.slice(0, 60)}</a>
        </>
      ))}
      {left > 0 ? ` ${page.t('packet.andMore', { count: left })}` : ''}
    </>
  );
}

/** Entries that need attention, by state and reason: each links to its row, where it can be changed. */
function ToLookAt({ rows, page }: { rows: readonly ListRow[]; page: PageContext }) {
  const { t } = page;
  const groups = TO_LOOK_AT.flatMap((state) => {
    // A guess whose page another row ticks needs no check.
    const ofState = rows.filter((row) => row.state === state && (state !== 'check' || row.sameAs === undefined));
    const byReason = [...groupBy(ofState, ({ reason, note }) => `${reason} ${note}`).values()];
    return ofState.length === 0 ? [] : [{ state, count: ofState.length, byReason }];
  });
  if (groups.length === 0) return null;
  return (
    <ul class="notice look-at">
      {groups.map(({ state, count, byReason }) => (
        <li>
          <strong>{t(`packet.groups.${state}`, { count })}</strong>
          <ul>
            {byReason.map((same) => (
              <li>
                <Named rows={same} page={page} />: {same[0]?.reason}
                <CuratorNote note={same[0]?.note ?? ''} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

/** The rows as HTML: there may be a thousand. */
export const renderRows = (rows: readonly ListRow[], page: PageContext): string =>
  renderEach(rows, (row) => <Row row={row} page={page} />);

interface RowsViewProps {
  readonly rows: readonly ListRow[];
  /** The rows as HTML. */
  readonly html: string;
  /** The heading above them; undefined: the usual one. */
  readonly title?: string;
  readonly page: PageContext;
}

/** A list: how much of it was found, what needs attention, and a row for each entry. */
export function RowsView({ rows, html, title, page }: RowsViewProps) {
  const { t } = page;
  const isMarked = rows.some(({ card }) => card?.chosen === true && card.sensitivity !== undefined);
  return (
    <>
      <LanguageNotice shown={rows.flatMap(({ card }) => card ?? [])} page={page} />
      <ToLookAt rows={rows} page={page} />
      {isMarked ? <p class="notice">{t('packet.whoSees')}</p> : null}
      <h2>{title ?? t('packet.entries')}</h2>
      <ol class="entries" dangerouslySetInnerHTML={{ __html: html }} />
    </>
  );
}
