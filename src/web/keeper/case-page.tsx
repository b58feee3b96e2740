import type { ComponentChildren } from 'preact';
import type { KeeperCase, KeeperEdit, KeeperItem, KeptText } from '../../core/keeping/desk.js';
import { isSecondReader, listSteps, type KeeperEntry, type KeeperStep } from '../../core/keeping/keeper.js';
import { findPdfFaults, type PdfReading } from '../../core/keeping/pdf-facts.js';
import { findPdfGrade } from '../../core/keeping/pdf-report.js';
import type { Language } from '../../core/model/language.js';
import { toReprint } from '../../handout/reprint.js';
import { PdfFindings } from '../reports/pdf-report-page.js';
import type { PageContext } from '../page-context.js';
import { Field } from '../parts/fields.js';
import { KEEPER_PATH, caseUrl } from './keeper-paths.js';

/** A curator's change that was not saved, and why. */
export interface Unsaved {
  readonly edit: KeeperEdit;
  /** Text for people. */
  readonly reason: string;
  /** Another curator was faster: both texts are shown. */
  readonly isConflict: boolean;
}

/** The check of the PDF to which a handout leads. */
export interface ShownPdf {
  /** Whether it is in the site's folder; another server's is not checked. */
  readonly isHere: boolean;
  /** Undefined: it takes longer than a page waits. */
  readonly reading: PdfReading | undefined;
  readonly language: Language | undefined;
}

interface CaseProps {
  readonly found: KeeperCase;
  /** The client, as the log names it. */
  readonly client: string;
  /** Whether the site's policy has the named second reader alone approve. */
  readonly isReaderAsked: boolean;
  readonly unsaved: Unsaved | undefined;
  readonly pdf: ShownPdf | undefined;
  readonly page: PageContext;
}

interface TextProps {
  readonly title: string;
  readonly item: KeeperItem;
  readonly text: KeptText;
  readonly page: PageContext;
}

/** A handout's text as its readers see it; the rows of a mapping, or a text that no reader would see, as they are written. */
function TextShown({ title, item, text: { html, title: own, url }, page }: TextProps) {
  const rendered = html === undefined || item.type !== 'DocumentReference' ? undefined : toReprint(html, url ?? '');
  return (
    <section>
      <h2>{title}</h2>
      <p>
        <strong lang={item.language}>{own}</strong>
        {url === undefined ? null : <> · {url}</>}
      </p>
      {rendered === undefined ? null : (
        <div class="summary" lang={item.language} dangerouslySetInnerHTML={{ __html: rendered }} />
      )}
      {html === undefined || rendered !== undefined ? null : (
        <pre class="source" tabIndex={0} aria-label={page.t('keeper.text')}>
          {html}
        </pre>
      )}
    </section>
  );
}

function PdfShown({ pdf: { isHere, reading, language }, page }: { pdf: ShownPdf; page: PageContext }) {
  const { t } = page;
  const grade = findPdfGrade(reading, language);
  return (
    <section>
      <h2>{t('pdfCheck.heading')}</h2>
      {typeof reading === 'object' ? (
        <p>
          {t(grade === undefined ? 'pdfCheck.pagesOnly' : 'pdfCheck.facts', {
            pages: reading.pages,
            grade: grade ?? '',
          })}
        </p>
      ) : null}
      {reading === undefined ? (
        <p>{t(isHere ? 'pdfCheck.checking' : 'pdfCheck.notHere')}</p>
      ) : (
        <PdfFindings findings={findPdfFaults(reading, language)} page={page} />
      )}
    </section>
  );
}

const BUTTONS: readonly KeeperStep[] = ['submit', 'return', 'approve', 'discard', 'retire'];

function StepForm({ found, page, children }: { found: KeeperCase; page: PageContext; children: ComponentChildren }) {
  return (
    <form class="keeper-form" action={`${page.basePath}${caseUrl(found.item)}`} method="post">
      <input type="hidden" name="lang" value={page.language} />
      <input type="hidden" name="version" value={found.version} />
      {children}
    </form>
  );
}

/** The buttons of the steps that this person may do. */
function Steps({ found, client, isReaderAsked, page }: Omit<CaseProps, 'unsaved' | 'pdf'>) {
  const { t } = page;
  const { keeper } = found.item;
  const steps = listSteps(keeper, client);
  const isOwn = keeper.authors.includes(client);
  const isOthers = isReaderAsked && steps.includes('approve') && !isSecondReader(keeper, client);
  return (
    <>
      <div class="step-row">
        {' '}
        {BUTTONS.filter((step) => steps.includes(step) && !(step === 'approve' && isOthers)).map((step) => (
          <StepForm found={found} page={page}>
            <button type="submit" class="action" name="step" value={step}>
              {t(`keeper.steps.${step}`)}
            </button>
          </StepForm>
        ))}
      </div>{' '}
      {isOwn ? <p class="hint">{t('keeper.ownText')}</p> : null}
      {isOthers ? <p class="hint">{t('keeper.readerApproves', { name: keeper.secondReader ?? '' })}</p> : null}
    </>
  );
}

function EditForm({ found, unsaved, page }: Pick<CaseProps, 'found' | 'unsaved' | 'page'>) {
  const { t } = page;
  const { text, item } = found;
  const entry: KeeperEntry = unsaved?.edit.entry ?? item.keeper;
  const isTextHere = item.type === 'DocumentReference' && text.html !== undefined;
  return (
    <StepForm found={found} page={page}>
      <fieldset class="fields">
        <legend>{t('keeper.edit')}</legend>
        <Field name="title" label={t('keeper.handoutTitle')} value={unsaved?.edit.title ?? text.title} most={300} />
        {isTextHere ? (
          <p>
            <label for="html">{t('keeper.html')}</label>
            <textarea id="html" name="html" rows={16} spellcheck>
              {unsaved?.edit.html ?? text.html}
            </textarea>
          </p>
        ) : null}
        <Field name="owner" label={t('keeper.owner')} value={entry.owner} />
        <Field name="department" label={t('keeper.department')} value={entry.department} />
        <Field name="secondReader" label={t('keeper.secondReader')} value={entry.secondReader} />
        <Field name="nextReview" label={t('keeper.nextReview')} value={entry.nextReview} type="date" />
        <Field name="changeNote" label={t('keeper.changeNote')} value={unsaved?.edit.changeNote} most={1000} />
      </fieldset>
      <button type="submit" name="step" value="save">
        {t('keeper.steps.save')}
      </button>
      <p class="hint">{t('keeper.saveHint')}</p>
    </StepForm>
  );
}

function History({ found, page }: Pick<CaseProps, 'found' | 'page'>) {
  const { t } = page;
  return (
    <>
      <h2>{t('keeper.history')}</h2>
      <ol class="plain" reversed>
        {found.history.map(({ at, keeper, isDraft }) => (
          <li>
            <time dateTime={at}>{`${at.slice(0, 10)} ${at.slice(11, 16)} UTC`}</time>
            {': '}
            {keeper ? t(`keeper.states.${keeper.state}`) : t(isDraft ? 'keeper.draftClosed' : 'keeper.deleted')}
            {keeper?.changedBy === undefined ? null : <> · {keeper.changedBy.replace(/^user:/, '')}</>}
            {keeper?.changeNote === undefined ? null : <> · {keeper.changeNote}</>}
          </li>
        ))}
      </ol>
    </>
  );
}

/** The page of one handout or mapping: its state, both texts, the form and the history. */
export function CaseMain({ found, client, isReaderAsked, unsaved, pdf, page }: CaseProps) {
  const { t } = page;
  const { item, text, servedText } = found;
  const { keeper } = item;
  return (
    <>
      <p class="kind above">
        <a href={page.href(KEEPER_PATH)}>{t('keeper.title')}</a>
      </p>
      <h1 lang={item.language}>{item.title}</h1>
      <p class="line">
        {[
          t(`keeper.types.${item.type}`),
          t(`keeper.states.${keeper.state}`),
          ...(keeper.approvedOn === undefined
            ? []
            : [t('keeper.approved', { date: keeper.approvedOn, name: keeper.approvedBy ?? '' })]),
        ].join(' · ')}
      </p>
      {unsaved ? (
        <p class="notice notice-problem" role="alert">
          {unsaved.reason}
        </p>
      ) : null}
      {unsaved?.isConflict ? <TextShown title={t('keeper.theirs')} item={item} text={text} page={page} /> : null}
      {unsaved?.isConflict && unsaved.edit.step === 'save' ? (
        <TextShown
          title={t('keeper.yours')}
          item={item}
          text={{ title: unsaved.edit.title ?? text.title, url: text.url, html: unsaved.edit.html ?? text.html }}
          page={page}
        />
      ) : null}
      {servedText ? <TextShown title={t('keeper.served')} item={item} text={servedText} page={page} /> : null}
      {unsaved?.isConflict ? null : (
        <TextShown title={t(servedText ? 'keeper.draftText' : 'keeper.text')} item={item} text={text} page={page} />
      )}
      {pdf ? <PdfShown pdf={pdf} page={page} /> : null}
      <Steps found={found} client={client} isReaderAsked={isReaderAsked} page={page} />
      <EditForm found={found} unsaved={unsaved} page={page} />
      <History found={found} page={page} />
    </>
  );
}
