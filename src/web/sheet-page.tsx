import type { Article, ArticleText } from '../core/article.js';
import { languageOfReader } from '../core/language-links.js';
import { publisherTextIn, summaryOf } from '../core/article.js';
import { Institute, Summary, addressOf, longDate, readableAddress } from './article-facts.js';
import { LanguageNotice } from './language-links.js';
import { LanguageOptions } from './language-options.js';
import type { PageContext } from './page-context.js';
import { QrCode } from './qr-code.js';
import { SheetLinks } from './sheet-links.js';

/** An article on the sheet, in the sheet's language where it has one. */
export interface SheetArticle {
  readonly article: Article;
  readonly text: ArticleText;
}

export interface Sheet {
  readonly articles: readonly SheetArticle[];
  /** Ids that were asked for and are not in the library. */
  readonly unknown: readonly string[];
  /** More were asked for than a sheet takes. */
  readonly isCut: boolean;
  readonly note: string;
  /** ISO 8601 day. */
  readonly printedOn: string;
  /** The hospital's, at the head of the sheet. */
  readonly siteName: string | undefined;
  /** Address of its logo. */
  readonly logoUrl: string | undefined;
}

export interface SheetLimits {
  readonly maxArticles: number;
  readonly maxNoteChars: number;
}

/** The form as the head of the page knows it, to send it again in the other language of the page. */
export const SHEET_FORM = { id: 'sheet', action: '/sheet' } as const;

/** A sheet in two contexts: the page with its controls speaks the clinician's language, the paper the patient's. */
interface SheetViewProps {
  readonly sheet: Sheet;
  readonly limits: SheetLimits;
  readonly page: PageContext;
  readonly paper: PageContext;
}

function Choices({ sheet: { articles }, paper, page: { t } }: Omit<SheetViewProps, 'limits'>) {
  const onlyIn = ({ text }: SheetArticle): string =>
    text.language === paper.language
      ? ''
      : ` · ${t('page.otherLanguage', { language: t(`languages.${text.language}`) }).replace(/\.$/, '')}`;
  return (
    <fieldset>
      <legend>{t('sheet.articles')}</legend>
      {articles.map((content) => {
        const { article, text } = content;
        return (
          <p class="choice-line">
            <input type="checkbox" id={`on-${article.id}`} name="article" value={article.id} checked />
            <label for={`on-${article.id}`}>
              <span lang={text.language}>{text.title}</span>{' '}
              <span class="quiet">
                · {article.publisher.name}
                {article.sensitivity ? ` · ${t(`page.sensitivities.${article.sensitivity}`)}` : ''}
                {onlyIn(content)}
              </span>
            </label>
          </p>
        );
      })}
    </fieldset>
  );
}

/** What the sheet is made of; it is posted, so that the note stands in no address and in no log. */
function SheetForm({ sheet, limits, page, paper }: SheetViewProps) {
  const { t, language } = page;
  return (
    <form
      class="sheet-form"
      id={SHEET_FORM.id}
      action={`${page.basePath}${SHEET_FORM.action}`}
      method="post"
      aria-label={t('sheet.prepare')}
    >
      <input type="hidden" name="lang" value={language} />
      <Choices sheet={sheet} page={page} paper={paper} />
      <p>
        <label for="sheet-language">{t('sheet.language')}</label>
        <select id="sheet-language" name="language">
          <LanguageOptions chosen={languageOfReader(paper.reader)} page={page} />
        </select>
      </p>
      <p>
        <label for="note">{t('sheet.note')}</label>
        <textarea
          id="note"
          name="note"
          rows={3}
          maxLength={limits.maxNoteChars}
          autocomplete="off"
          aria-describedby="note-hint"
        >
          {`\n${sheet.note}`}
        </textarea>
        <span class="hint" id="note-hint">
          {t('sheet.noteHint')}
        </span>
      </p>
      <p class="actions">
        <button type="submit">{t('sheet.update')}</button>
        <button type="button" class="with-script" data-print>
          {t('sheet.print')}
        </button>
      </p>
      <p class="hint">{t('sheet.printHint')}</p>
    </form>
  );
}

function Address({
  content: { text },
  hasSummary,
  page,
}: {
  content: SheetArticle;
  hasSummary: boolean;
  page: PageContext;
}) {
  const { t } = page;
  const address = addressOf(text, page);
  return (
    <div class="sheet-address">
      <QrCode address={address} label={t('sheet.scan', { title: text.title })} />
      <p>
        {t(hasSummary ? 'sheet.readMore' : 'sheet.readAt')}
        <br />
        <a href={address} rel="noreferrer">
          {readableAddress(address)}
        </a>
        <br />
        <span class="quiet">{t('sheet.scanHint')}</span>
      </p>
    </div>
  );
}

/** One article: in full where it is in the public domain and the library has it, else by title, address and QR code. */
function SheetEntry({ content, page }: { content: SheetArticle; page: PageContext }) {
  const { t, language } = page;
  const { article, text } = content;
  const hasSummary = summaryOf(article, text) !== undefined;
  return (
    <section class="sheet-entry">
      <div class="sheet-entry-head">
        <p class="sheet-kind">{t(`page.kinds.${article.kind}`)}</p>
        <h2 lang={text.language}>{text.title}</h2>
        {text.language === language ? null : (
          <p class="sheet-other">{t('page.otherLanguage', { language: t(`languages.${text.language}`) })}</p>
        )}
      </div>
      <SheetLinks content={content} page={page} />
      <Summary article={article} text={text} />
      <div class="sheet-end">
        <Address content={content} hasSummary={hasSummary} page={page} />
        <p class="sheet-source">
          {publisherTextIn(article.publisher, language).attribution}
          {article.institute === undefined ? null : (
            <>
              {' · '}
              <Institute article={article} page={page} />
            </>
          )}
        </p>
      </div>
    </section>
  );
}

/** What the publishers want said, each once. */
function Sources({ articles, page: { t, language } }: { articles: readonly SheetArticle[]; page: PageContext }) {
  const publishers = new Map(articles.map(({ article: { publisher } }) => [publisher.id, publisher]));
  const texts = [...publishers.values()].map((publisher) => publisherTextIn(publisher, language));
  const lines = texts.flatMap(({ rights, disclaimer }) => [rights, disclaimer]).filter((line) => line !== '');
  return (
    <footer class="sheet-foot">
      <p class="sheet-emergency">{t('page.emergency')}</p>
      {lines.length === 0 ? null : <h2>{t('sheet.sources')}</h2>}
      {lines.map((line) => (
        <p>{line}</p>
      ))}
      <p>{t('page.footer')}</p>
    </footer>
  );
}

function SheetHead({ sheet, page: { t, language } }: { sheet: Sheet; page: PageContext }) {
  const { siteName, logoUrl, printedOn, note } = sheet;
  return (
    <>
      <div class="sheet-head">
        {logoUrl === undefined ? null : <img src={logoUrl} alt={siteName ?? ''} height="64" />}
        {siteName === undefined ? null : <p class="sheet-site">{siteName}</p>}
        <p class="sheet-date">{t('sheet.printed', { date: longDate(printedOn, language) })}</p>
      </div>
      <h1>{t('sheet.heading')}</h1>
      <section class="sheet-note" aria-labelledby="sheet-note" hidden={note === ''}>
        <h2 id="sheet-note">{t('sheet.noteHead')}</h2>
        <p>{note}</p>
      </section>
    </>
  );
}

function Remarks({ sheet, maxArticles, page: { t } }: { sheet: Sheet; maxArticles: number; page: PageContext }) {
  const { unknown, isCut } = sheet;
  return (
    <>
      {unknown.length === 0 ? null : (
        <p class="notice" role="status">
          {t('sheet.unknown', { ids: unknown.join(', ') })}
        </p>
      )}
      {isCut ? <p class="notice">{t('sheet.tooMany', { most: maxArticles })}</p> : null}
    </>
  );
}

function Empty({ page: { t, href } }: { page: PageContext }) {
  return (
    <div class="notice">
      <p>
        <strong>{t('sheet.empty')}</strong>
      </p>
      <p>{t('sheet.emptyHint')}</p>
      <p>
        <a href={href('/')}>{t('sheet.search')}</a> · <a href={href('/packet')}>{t('packet.nav')}</a>
      </p>
    </div>
  );
}

/** The hand-over sheet: on the screen with the form that makes it, on paper alone. */
export function SheetView(props: SheetViewProps) {
  const { sheet, limits, page, paper } = props;
  const { articles } = sheet;
  const remarks = <Remarks sheet={sheet} maxArticles={limits.maxArticles} page={page} />;
  if (articles.length === 0) {
    return (
      <>
        <h1>{page.t('sheet.title')}</h1>
        {remarks}
        <Empty page={page} />
      </>
    );
  }
  return (
    <>
      <div class="screen-only">
        <p class="sheet-title">{page.t('sheet.title')}</p>
        {remarks}
        <LanguageNotice shown={articles} page={{ ...page, reader: paper.reader }} />
        <SheetForm {...props} />
      </div>
      <article class="sheet" lang={paper.language}>
        <SheetHead sheet={sheet} page={paper} />
        {articles.map((content) => (
          <SheetEntry content={content} page={paper} />
        ))}
        <Sources articles={articles} page={paper} />
      </article>
    </>
  );
}
