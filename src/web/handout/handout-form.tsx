import type { VNode } from 'preact';
import { CONCERNS } from '../../core/leaflets/concerns.js';
import type { HandoutArticle } from '../../handout/handout.js';
import { LIMITS } from '../../limits.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { measureReadingEase } from '../../reading-ease/reading-ease.js';
import { CONCERN } from '../leaflet/write-leaflet.js';
import { CarriedDepartment } from '../department.js';
import type { PageContext } from '../page-context.js';
import { BASKET } from '../parts/basket.js';
import { Tick } from '../parts/fields.js';
import { LanguageOptions } from '../parts/language-links.js';
import { AboutArticle } from '../parts/namesakes.js';
import { FollowUpFields } from './follow-up-form.js';
import { FILE_PATH, HANDOUT_PATH, PDF_PATH, type ShownHandout } from './handout-content.js';
import { ChartText, PrintAgain, Sheets } from './handout-outlook.js';

/** The form as the head of the page knows it, to send it again in the other language of the page. */
export const handoutForm = ({ launched = '' }: Pick<PageContext, 'launched'>): { id: string; action: string } => ({
  id: 'handout',
  action: `${launched}${HANDOUT_PATH}`,
});

export interface HandoutViewProps {
  readonly shown: ShownHandout;
  /** The form for recording that the patient has it; undefined if no EHR launched us. */
  readonly after?: VNode | null | undefined;
}

/** Facts about an article that a clinician checks before handing it over: publisher, sensitivity, how hard it is to read, another language, no text. */
function describeFacts(
  { article, text }: ShownArticle,
  printed: HandoutArticle | undefined,
  paper: PageContext,
  { t }: PageContext,
): string {
  const grade = measureReadingEase(article, text)?.grade;
  const facts = [
    article.publisher.name,
    article.sensitivity ? t(`page.sensitivities.${article.sensitivity}`) : '',
    grade === undefined ? '' : t('handout.grade', { grade }),
    text.language === paper.language
      ? ''
      : t('page.otherLanguage', { language: t(`languages.${text.language}`) }).replace(/\.$/, ''),
    printed?.html === undefined ? t('handout.linkOnlyFact') : '',
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}

function Move({ direction, one, page }: { direction: 'up' | 'down'; one: ShownArticle; page: PageContext }) {
  return (
    <button type="submit" class="action move" name="move" value={`${direction} ${one.article.id}`}>
      <span aria-hidden="true">{direction === 'up' ? '↑' : '↓'}</span>
      <span class="unseen">
        {page.t(`handout.${direction}`)}
        <AboutArticle article={one.article} text={one.text} page={page} />
      </span>
    </button>
  );
}

function Articles({ shown: { chosen, handout, paper, page } }: HandoutViewProps) {
  // In a bilingual handout an article follows itself in the second language.
  const listed = chosen.filter((one, at) => one.article !== chosen[at - 1]?.article);
  return (
    <fieldset>
      <legend>{page.t('handout.articles')}</legend>
      {listed.map((one, at) => (
        <div class="choice-line">
          <input
            type="checkbox"
            id={`on-${one.article.id}`}
            name="article"
            value={one.article.id}
            data-title={one.text.title}
            data-lang={one.text.language}
            checked
          />
          <label for={`on-${one.article.id}`}>
            <span lang={one.text.language}>{one.text.title}</span>{' '}
            <span class="quiet">{describeFacts(one, handout.articles[chosen.indexOf(one)], paper, page)}</span>
          </label>
          {at === 0 ? null : <Move direction="up" one={one} page={page} />}
          {at === listed.length - 1 ? null : <Move direction="down" one={one} page={page} />}
        </div>
      ))}
    </fieldset>
  );
}

function PaperOptions({ shown: { choices, page } }: HandoutViewProps) {
  const { t } = page;
  const boxes = [
    ['large', choices.isLarge],
    ['label', choices.hasLabel],
    ['labels', choices.hasLabels],
    ['teachBack', choices.hasTeachBack],
    ['whole', choices.hasWhole],
  ] as const;
  return (
    <fieldset class="fields">
      <legend>{t('handout.paper')}</legend>
      {/* With it, a box that is not ticked is off. */}
      <input type="hidden" name="set" value="true" />
      {boxes.map(([name, isOn]) => (
        <Tick id={`paper-${name}`} name={name} checked={isOn}>
          {t(`handout.${name}`)}
        </Tick>
      ))}
    </fieldset>
  );
}

/** The patient's situations, of which the parts of leaflets come first; carried along where the handout has no leaflet. */
function Concerns({ shown: { chosen, choices, page } }: HandoutViewProps) {
  const { t } = page;
  const { concerns } = choices;
  if (!chosen.some(({ article }) => article.leaflet))
    return (
      <>
        {concerns.map((concern) => (
          <input type="hidden" name={CONCERN} value={concern} />
        ))}
      </>
    );
  return (
    <fieldset class="fields" aria-describedby="concerns-hint">
      <legend>{t('leaflet.choose')}</legend>
      {CONCERNS.map((concern) => (
        <Tick id={`concern-${concern}`} name={CONCERN} value={concern} checked={concerns.includes(concern)}>
          {t(`leaflet.concerns.${concern}`)}
        </Tick>
      ))}
      <span class="hint" id="concerns-hint">
        {t('leaflet.chooseHint')}
      </span>
    </fieldset>
  );
}

/** Opens the handout as a PDF. In an EHR's frame a new tab has no session: the file is downloaded there. */
function PdfButton({ page: { t, basePath, launched } }: { page: PageContext }) {
  return (
    <button
      type="submit"
      class="action"
      formAction={`${basePath}${launched ?? ''}${PDF_PATH}`}
      formTarget={launched === undefined ? '_blank' : '_self'}
      data-file
    >
      {t('handout.pdf')}
    </button>
  );
}

/** Saves the handout as one file that needs no network. */
function FileButton({ page: { t, basePath, launched } }: { page: PageContext }) {
  return (
    <button type="submit" class="action" formAction={`${basePath}${launched ?? ''}${FILE_PATH}`} data-file>
      {t('handout.file')}
    </button>
  );
}

/** The choices that the handout is made of; posted, so that no address and no log has the note. */
export function HandoutForm({ shown, after }: HandoutViewProps) {
  const { page, handoutLanguage } = shown;
  const { t, language, basePath, launched } = page;
  const { note } = shown.choices;
  const { id, action } = handoutForm(page);
  return (
    <form
      class="handout-form"
      id={id}
      action={`${basePath}${action}`}
      method="post"
      aria-label={t('handout.prepare')}
      data-home={launched === undefined ? page.href('/', { [BASKET]: [] }) : page.href(launched)}
      data-launch={launched}
    >
      <input type="hidden" name="lang" value={language} />
      <CarriedDepartment page={page} />
      <p class="actions">
        {/* With a script the handout follows the form. First, so that Enter in a box moves no article. */}
        <noscript>
          <button type="submit">{t('handout.update')}</button>
        </noscript>
        <button type="button" class="with-script" data-print>
          {t('handout.print')}
        </button>
        <PdfButton page={page} />
        <FileButton page={page} />
        <button type="button" class="action with-script" data-clear>
          {t('basket.new')}
        </button>
      </p>
      <Sheets shown={shown} />
      <Articles shown={shown} />
      <p>
        <label for="handout-language">{t('handout.language')}</label>
        <select id="handout-language" name="language">
          <LanguageOptions chosen={handoutLanguage} page={page} />
        </select>
      </p>
      <Concerns shown={shown} />
      <PaperOptions shown={shown} />
      <p>
        <label for="note">{t('handout.note')}</label>
        <textarea
          id="note"
          name="note"
          rows={3}
          maxLength={LIMITS.maxNoteChars}
          autocomplete="off"
          aria-describedby="note-hint"
        >
          {`\n${note}`}
        </textarea>
        <span class="hint" id="note-hint">
          {t(launched === undefined ? 'handout.noteHint' : 'given.noteHint')}
        </span>
      </p>
      <FollowUpFields followUp={shown.choices.followUp} page={page} />
      {after}
      <div data-live="more">
        <PrintAgain shown={shown} />
        {launched === undefined ? <ChartText shown={shown} /> : null}
      </div>
    </form>
  );
}
