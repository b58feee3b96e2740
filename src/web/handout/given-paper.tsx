import { dayInZone } from '../../core/time-in-zone.js';
import type { GivenEntry, GivenItem } from '../../core/handing-over/record.js';
import { nameLanguage } from '../../core/model/language-links.js';
import type { PageContext } from '../page-context.js';
import { longDate } from '../parts/article-facts.js';
import { Address } from './handout-paper.js';

interface GivenPaperProps {
  /** Handovers, the newest first, each with the articles that are on the paper. */
  readonly entries: readonly Pick<GivenEntry, 'at' | 'items'>[];
  /** ISO 8601 day. */
  readonly printedOn: string;
  /** IANA name of the site's time zone. */
  readonly timeZone: string;
  /** The hospital's name; undefined if not configured. */
  readonly siteName: string | undefined;
  /** A page in the patient's language. */
  readonly paper: PageContext;
}

/** A recorded article: its title as it was then, its language, and its address with a code for a phone. */
function Item({ item: { title, language, address }, paper }: { item: GivenItem; paper: PageContext }) {
  const { t } = paper;
  const one = { address, readAt: t('handout.readAt'), scan: t('handout.scan', { title }) };
  return (
    <>
      <h3 lang={language}>{title}</h3>
      {language === paper.language ? null : <p class="paper-kind">{nameLanguage(language, paper.language)}</p>}
      <Address one={one} scanHint={t('handout.scanHint')} />
    </>
  );
}

/** The articles that a patient received, by day, to take home. It has no name: neither the record nor the paper needs one. */
export function GivenPaper({ entries, printedOn, timeZone, siteName, paper }: GivenPaperProps) {
  const { t, language, logoUrl } = paper;
  const day = (at: string): string => longDate(dayInZone(new Date(at), timeZone), language);
  return (
    <article class="paper" lang={language}>
      <div class="paper-head">
        <div class="paper-title">
          {logoUrl === undefined ? null : <img src={logoUrl} alt="" height="64" />}
          {siteName === undefined ? null : <p class="paper-site">{siteName}</p>}
          <h1>{t('given.toYou.heading')}</h1>
          <p class="paper-date">{t('handout.printed', { date: longDate(printedOn, language) })}</p>
        </div>
      </div>
      {entries.map(({ at, items }) => (
        <section class="paper-entry">
          <h2>{day(at)}</h2>
          {items.map((item) => (
            <Item item={item} paper={paper} />
          ))}
        </section>
      ))}
      <p class="paper-foot">{t('patient.ask')}</p>
    </article>
  );
}
