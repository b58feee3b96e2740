import {
  listContents,
  readable,
  type Handout,
  type HandoutAddress,
  type HandoutArticle,
  type HandoutWords,
} from '../../handout/handout.js';
import { LeafletContentsList } from '../leaflet/leaflet-text.js';
import { FollowUpSection } from './follow-up-paper.js';
import { QrCode } from '../parts/qr-code.js';
import { renderToString } from 'preact-render-to-string';
import type { PageOptions } from '../page-context.js';

interface PaperProps {
  readonly handout: Handout;
  /** Address of the hospital's logo, or all of it as a data URL. */
  readonly logo: string | undefined;
}

/** The same words in each language of the handout, in one line. */
const join = ({ words }: Handout, pick: (one: HandoutWords) => string | undefined): string =>
  words.map(pick).filter(Boolean).join(' · ');

function Head({ handout, logo }: PaperProps) {
  const { siteName, label, words } = handout;
  const [first, ...others] = words;
  return (
    <div class="paper-head">
      <div class="paper-title">
        {/* Screen readers read the name beside it. */}
        {logo === undefined ? null : <img src={logo} alt="" height="64" />}
        {siteName === undefined ? null : <p class="paper-site">{siteName}</p>}
        <h1>{first.heading}</h1>
        {others.map(({ heading, language }) => (
          <p class="paper-second" lang={language}>
            {heading}
          </p>
        ))}
        <p class="paper-date">{first.printed}</p>
      </div>
      {label === undefined ? null : <p class="name-label">{label.caption}</p>}
    </div>
  );
}

const PHONE = /((?<!\d)\d+(?:-\d+)+)/;

/** A text whose telephone numbers are each on one line, and read from left to right in every language. */
function WithPhones({ text }: { text: string }) {
  const parts = text.split(PHONE);
  return (
    <>
      {parts.map((part, at) =>
        at % 2 === 1 ? (
          <span class="phone" dir="ltr">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </>
  );
}

/** The telephone numbers for emergencies: first, so that they are on the first sheet. */
function Help({ words }: Handout) {
  return (
    <section class="paper-help">
      {words.map(({ help, language }) => (
        <div lang={language}>
          <h2>{help.head}</h2>
          {help.lines.map((line) => (
            <p>
              <WithPhones text={line} />
            </p>
          ))}
        </div>
      ))}
    </section>
  );
}

function Contents({ handout }: { handout: Handout }) {
  const articles = listContents(handout);
  if (articles.length === 0) return null;
  return (
    <nav class="paper-contents" aria-labelledby="paper-contents">
      <h2 id="paper-contents">{join(handout, ({ contentsHead }) => contentsHead)}</h2>
      <ol>
        {articles.map(({ title, language }, at) => (
          <li lang={language}>
            <a href={`#article-${at + 1}`}>{title}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** An address to type and to scan. */
export function Address({ one, scanHint }: { one: HandoutAddress; scanHint: string }) {
  const { address, readAt, scan, inLanguage } = one;
  return (
    <div class="paper-address">
      <QrCode address={address} label={scan} />
      <p lang={inLanguage?.language} dir={inLanguage && 'auto'}>
        {readAt}
        <br />
        <a href={address} rel="noreferrer">
          {readable(address)}
        </a>
        <br />
        <span class="quiet">{inLanguage?.scanHint ?? scanHint}</span>
      </p>
    </div>
  );
}

interface EntryProps {
  readonly article: HandoutArticle;
  /** Its place on the handout. */
  readonly at: number;
  readonly handout: Handout;
}

/** One article: its text in full if there is one that may be printed, its address and QR code, who wrote it and when. */
function Entry({ article, at, handout: { words } }: EntryProps) {
  const { title, language, kind, otherLanguage, html, caution, source, dated, contents, wordsLanguage } = article;
  const around = words.find((one) => one.language === wordsLanguage) ?? words[0];
  return (
    <section class="paper-entry" id={`article-${at + 1}`} lang={around.language}>
      <div class="paper-entry-head">
        <h2 lang={language}>{title}</h2>
        <p class="paper-kind">{kind}</p>
        {otherLanguage === undefined ? null : <p class="paper-other">{otherLanguage}</p>}
      </div>
      {contents ? <LeafletContentsList contents={contents} id={`contents-${at + 1}`} language={language} /> : null}
      {html === undefined ? null : <div class="summary" lang={language} dangerouslySetInnerHTML={{ __html: html }} />}
      {caution === undefined ? null : <p class="paper-caution">{caution}</p>}
      <div class="paper-end">
        {[...article.links, article].map((one) => (
          <Address one={one} scanHint={around.scanHint} />
        ))}
        <p class="paper-source">{[source, dated].filter((part) => part !== '').join(' · ')}</p>
      </div>
    </section>
  );
}

/** The address of all of the handout, with one code for a phone. */
function Whole({ whole, words }: Handout) {
  if (!whole) return null;
  return (
    <section class="paper-whole" aria-labelledby="paper-whole">
      <h2 id="paper-whole">{whole.head}</h2>
      <Address one={whole} scanHint={words[0].scanHint} />
    </section>
  );
}

function TeachBack({ handout }: { handout: Handout }) {
  const { teachBack } = handout.words[0];
  if (!teachBack) return null;
  return (
    <section class="teach-back" aria-labelledby="teach-back">
      <h2 id="teach-back">{join(handout, (one) => one.teachBack?.head)}</h2>
      {teachBack.lines.map((_, at) => (
        <p>{join(handout, (one) => one.teachBack?.lines[at])}</p>
      ))}
    </section>
  );
}

function Foot({ handout }: { handout: Handout }) {
  const { words, notice } = handout;
  return (
    <footer class="paper-foot">
      {notice.length === 0 ? null : (
        <section class="paper-notice">
          <h2>{join(handout, ({ noticeHead }) => noticeHead)}</h2>
          {notice.map(({ text, language }) => (
            <p lang={language} dir="auto">
              <WithPhones text={text} />
            </p>
          ))}
        </section>
      )}
      {words.map(({ sources, language }) => (
        <section lang={language}>
          <h2>{sources.head}</h2>
          {sources.lines.map((line) => (
            <p>{line}</p>
          ))}
        </section>
      ))}
    </footer>
  );
}

/** The patient handout as it is printed by the browser. The script replaces what has `data-live` as the form changes. */
export function Paper({ handout, logo }: PaperProps) {
  const { note, isLarge, label, words } = handout;
  const look = ['paper', isLarge ? 'paper-large' : '', label?.isOnEachPage ? 'paper-labels' : ''];
  return (
    <article class={look.filter(Boolean).join(' ')} lang={words[0].language} data-live="paper">
      {label?.isOnEachPage ? (
        <div class="paper-sheet-head" aria-hidden="true">
          <p class="name-label">{label.caption}</p>
        </div>
      ) : null}
      <div class="paper-body">
        <Head handout={handout} logo={logo} />
        <Help {...handout} />
        {/* The note stands here while it is typed too: hidden as long as there is none. */}
        <section class="paper-note" aria-labelledby="paper-note" hidden={note === ''}>
          <h2 id="paper-note">{join(handout, ({ noteHead }) => noteHead)}</h2>
          <p dir="auto">{note}</p>
        </section>
        <FollowUpSection followUp={handout.followUp} />
        <Contents handout={handout} />
        {handout.articles.map((article, at) => (
          <Entry article={article} at={at} handout={handout} />
        ))}
        <Whole {...handout} />
        <TeachBack handout={handout} />
        <Foot handout={handout} />
      </div>
    </article>
  );
}

/** Holds in a file that was saved too: nothing is fetched, no script runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The hospital's logo as a data URL. */
function embedLogo({ siteLogo: logo }: Pick<PageOptions, 'siteLogo'>): string | undefined {
  return logo && `data:${logo.contentType};base64,${logo.bytes.toString('base64')}`;
}

/**
 * Renders a handout as one HTML file with its style, logo and codes in it: it is read, searched and printed without a network. Room for
 * a label of paper is left out.
 */
export function renderHandoutFile(
  handout: Handout,
  { assets, siteLogo }: Pick<PageOptions, 'assets' | 'siteLogo'>,
): string {
  const [{ language, heading }] = handout.words;
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <title>{[heading, handout.siteName].filter(Boolean).join(' · ')}</title>
        <style dangerouslySetInnerHTML={{ __html: assets.get('page.css')?.content ?? '' }} />
      </head>
      <body>
        <main class="wrap">
          <Paper handout={{ ...handout, label: undefined }} logo={embedLogo({ siteLogo })} />
        </main>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${renderToString(page)}`;
}
