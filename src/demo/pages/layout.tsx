import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { LANGUAGES } from '../../core/model/language.js';
import { EHR_PATH, type DemoView } from '../view.js';

interface PageFrame {
  readonly title: string;
  readonly main: VNode;
  /** Whether the page is loaded anew when the user comes back to it from our pages in another tab. */
  readonly isRenewed?: boolean;
}

/** A button that posts, with hidden fields. */
export function PostButton(props: {
  readonly action: string;
  readonly look?: string;
  readonly fields?: Readonly<Record<string, string | undefined>>;
  /** Opens the answer in a tab of its own. */
  readonly opensTab?: boolean;
  readonly children: ComponentChildren;
}) {
  const { action, look, fields = {}, opensTab = false, children } = props;
  return (
    <form method="post" action={action} {...(opensTab ? { target: '_blank' } : {})}>
      {Object.entries(fields).map(([name, value]) =>
        value === undefined ? null : <input type="hidden" name={name} value={value} />,
      )}
      <button type="submit" class={look}>
        {children}
      </button>
    </form>
  );
}

function Top({ view: { t, language } }: { view: DemoView }) {
  const other = LANGUAGES.find((one) => one !== language) ?? language;
  return (
    <header>
      <p class="synthetic">
        <strong>{t('demo.synthetic')}</strong> {t('demo.syntheticMore')}
      </p>
      <div class="top">
        <div class="wrap">
          <a class="brand" href={EHR_PATH}>
            {t('demo.name')}
          </a>
          <nav aria-label={t('demo.nav.label')}>
            <a href={`${EHR_PATH}/client`}>{t('demo.nav.client')}</a>
            <a href="/" target="_blank">
              {t('demo.nav.ours')}
            </a>
            <PostButton action={`${EHR_PATH}/language`} fields={{ language: other }} look="as-link">
              <span lang={other}>{t('page.inOtherLanguage')}</span>
            </PostButton>
          </nav>
        </div>
      </div>
    </header>
  );
}

/** Renders a page of the EHR; each states that all of it is synthetic. */
export function renderPage(view: DemoView, { title, main, isRenewed = false }: PageFrame): string {
  const { t, language } = view;
  const document = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${t('demo.name')}`}</title>
        <link rel="stylesheet" href={`${EHR_PATH}/assets/ehr.css`} />
        {isRenewed && <script type="module" src={`${EHR_PATH}/assets/ehr.js`} />}
      </head>
      <body>
        <Top view={view} />
        <main class="wrap">{main}</main>
        <footer class="wrap foot">
          <p>{t('demo.foot')}</p>
        </footer>
      </body>
    </html>
  );
  return `<!doctype html>${renderToString(document)}`;
}
