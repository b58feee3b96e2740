import type { Translate } from '../texts.js';
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { CODE_SYSTEMS, codeSystem } from '../core/code-systems.js';
import { titleOf } from '../core/knowledge-request.js';
import type { Answer } from '../core/knowledge-response.js';
import type { Language } from '../core/language.js';
import { LANGUAGES } from '../core/language.js';
import { ArticleCard } from './article-card.js';
import type { PageModel } from './page-model.js';

const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };
const DEFAULT_OID = codeSystem('icd-10-cm').oids[0];

function Field({ id, label, children }: { id: string; label: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
    </div>
  );
}

function SearchForm({ model }: { model: PageModel }) {
  const { t, fields, language } = model;
  const chosen = fields.system || DEFAULT_OID;
  return (
    <form class="search" action={`${model.basePath}/application`} method="get" role="search">
      <Field id="code" label={t('page.codeOrTitle')}>
        <input id="code" name="mainSearchCriteria.v.c" value={fields.code} autocomplete="off" spellcheck={false} />
      </Field>
      <Field id="system" label={t('page.codeSystem')}>
        <select id="system" name="mainSearchCriteria.v.cs">
          {CODE_SYSTEMS.filter(({ oids }) => oids.length > 0).map(({ label, oids }) => (
            <option value={oids[0]} selected={oids[0] === chosen}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Field id="title" label={t('page.titleField')}>
        <input id="title" name="mainSearchCriteria.v.dn" value={fields.title} autocomplete="off" />
      </Field>
      <Field id="language" label={t('page.language')}>
        <select id="language" name="informationRecipient.languageCode.c">
          {LANGUAGES.map((code) => (
            <option value={code} selected={code === language}>
              {LANGUAGE_NAMES[code]}
            </option>
          ))}
        </select>
      </Field>
      <button type="submit">{t('page.search')}</button>
    </form>
  );
}

/** The code asked about, with its title where one was sent. */
function subjectOf({ coding }: Answer): string {
  const label = coding.system ? codeSystem(coding.system).label : coding.systemSent;
  const subject = `${label} ${coding.code.trim()}`.trim();
  const title = titleOf(coding);
  return title === '' ? subject : `${subject} (${title})`.trim();
}

function Nothing({ answer, t }: { answer: Answer; t: Translate }) {
  const { miss, coding } = answer;
  if (!miss) return null;
  const reason = t(`misses.${miss.reason}`, { system: coding.system ? codeSystem(coding.system).label : '' });
  return (
    <div class="nothing" role="status">
      <p>
        <strong>{t('page.nothing')}</strong>: {reason}
        {miss.note ? ` (${miss.note})` : ''}.
      </p>
      {miss.hint ? <p class="hint">{t('misses.hint', { system: codeSystem(miss.hint).label })}</p> : null}
      <p>{t('page.tryCode')}</p>
    </div>
  );
}

function Results({ answer, model }: { answer: Answer; model: PageModel }) {
  const { t } = model;
  return (
    <section aria-label={subjectOf(answer)}>
      <h2>{t('page.resultsFor', { subject: subjectOf(answer) })}</h2>
      {answer.matches.map((match) => (
        <ArticleCard match={match} model={model} />
      ))}
      <Nothing answer={answer} t={t} />
    </section>
  );
}

function Page({ model }: { model: PageModel }) {
  const { t, language, response, problem } = model;
  const other: Language = language === 'en' ? 'es' : 'en';
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${t('page.title')} · ${model.connectorName}`}</title>
        <link rel="stylesheet" href={`${model.basePath}/assets/page.css`} />
        <link rel="icon" href={`${model.basePath}/assets/icon.svg`} type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#main">
          {t('page.skip')}
        </a>
        <header>
          <p class="brand">{model.connectorName}</p>
          <a href={model.otherLanguageUrl} lang={other} hreflang={other}>
            {t('page.inOtherLanguage')}
          </a>
        </header>
        <main id="main">
          <h1>{t('page.heading')}</h1>
          {problem ? (
            <p class="problem" role="alert">
              {problem}
            </p>
          ) : null}
          <SearchForm model={model} />
          {response?.answers.map((answer) => (
            <Results answer={answer} model={model} />
          ))}
        </main>
        <footer>
          <p>{t('page.footer')}</p>
        </footer>
      </body>
    </html>
  );
}

/** Renders the page as a document. Every text is escaped by the templates, but for summaries, which are sanitised. */
export function renderPage(model: PageModel): string {
  return `<!DOCTYPE html>${renderToString(<Page model={model} />)}`;
}
