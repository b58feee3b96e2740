import { readable, type Handout, type HandoutAddress, type HandoutArticle } from '../../handout/handout.js';
import { QrCode } from '../parts/qr-code.js';

interface PaperProps {
  readonly handout: Handout;
  /** Address of the hospital's logo. */
  readonly logoUrl: string | undefined;
  /** Heading of the note, in the handout's language. */
  readonly noteHead: string;
}

function Head({ handout, logoUrl }: Pick<PaperProps, 'handout' | 'logoUrl'>) {
  const { siteName, printed, label, heading } = handout;
  return (
    <>
      <div class="paper-head">
        <div>
          {logoUrl === undefined ? null : <img src={logoUrl} alt={siteName ?? ''} height="64" />}
          {siteName === undefined ? null : <p class="paper-site">{siteName}</p>}
          <p class="paper-date">{printed}</p>
        </div>
        {label === undefined ? null : <p class="name-label">{label}</p>}
      </div>
      <h1>{heading}</h1>
    </>
  );
}

function Address({ one: { address, readAt, scan }, scanHint }: { one: HandoutAddress; scanHint: string }) {
  return (
    <div class="paper-address">
      <QrCode address={address} label={scan} />
      <p>
        {readAt}
        <br />
        <a href={address} rel="noreferrer">
          {readable(address)}
        </a>
        <br />
        <span class="quiet">{scanHint}</span>
      </p>
    </div>
  );
}

/** One article: its text in full where there is one that may be printed, its address and QR code, who wrote it and when. */
function Entry({ article, handout }: { article: HandoutArticle; handout: Handout }) {
  const { title, language, kind, otherLanguage, html, caution, source, dated } = article;
  return (
    <section class="paper-entry">
      <div class="paper-entry-head">
        <h2 lang={language}>{title}</h2>
        <p class="paper-kind">{kind}</p>
        {otherLanguage === undefined ? null : <p class="paper-other">{otherLanguage}</p>}
      </div>
      {html === undefined ? null : <div class="summary" lang={language} dangerouslySetInnerHTML={{ __html: html }} />}
      {caution === undefined ? null : <p class="paper-caution">{caution}</p>}
      <div class="paper-end">
        {[...article.links, article].map((one) => (
          <Address one={one} scanHint={handout.scanHint} />
        ))}
        <p class="paper-source">{[source, dated].filter((part) => part !== '').join(' · ')}</p>
      </div>
    </section>
  );
}

const PHONE = /(\d(?:-\d{3})+-\d{4})/;

/** A line of help, whose telephone number is on one line. */
function HelpLine({ text }: { text: string }) {
  const parts = text.split(PHONE);
  return <p>{parts.map((part, at) => (at % 2 === 1 ? <span class="phone">{part}</span> : part))}</p>;
}

function Foot({ handout: { help, notice, sources } }: { handout: Handout }) {
  return (
    <footer class="paper-foot">
      <div class="paper-help">
        <h2>{help.head}</h2>
        {help.lines.map((line) => (
          <HelpLine text={line} />
        ))}
      </div>
      {notice === undefined ? null : <p class="paper-notice">{notice}</p>}
      <h2>{sources.head}</h2>
      {sources.lines.map((line) => (
        <p>{line}</p>
      ))}
    </footer>
  );
}

/** The patient handout as it is printed by the browser. */
export function Paper({ handout, logoUrl, noteHead }: PaperProps) {
  const { note, teachBack } = handout;
  return (
    <article class={handout.isLarge ? 'paper paper-large' : 'paper'} lang={handout.language}>
      <Head handout={handout} logoUrl={logoUrl} />
      {/* The note stands here while it is typed too: hidden as long as there is none. */}
      <section class="paper-note" aria-labelledby="paper-note" hidden={note === undefined}>
        <h2 id="paper-note">{noteHead}</h2>
        <p>{note?.text ?? ''}</p>
      </section>
      {handout.articles.map((article) => (
        <Entry article={article} handout={handout} />
      ))}
      {teachBack ? (
        <section class="teach-back" aria-labelledby="teach-back">
          <h2 id="teach-back">{teachBack.head}</h2>
          {teachBack.lines.map((line) => (
            <p>{line}</p>
          ))}
        </section>
      ) : null}
      <Foot handout={handout} />
    </article>
  );
}
