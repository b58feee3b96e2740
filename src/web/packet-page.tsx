import type { ChartArticle, ChartMiss, ChartResponse } from '../core/chart.js';
import { escapeText } from '../core/escape.js';
import type { Miss } from '../core/knowledge-response.js';
import type { ComponentChildren } from 'preact';
import { ArticleRow, mindedOf } from './article-row.js';
import type { CardContent } from './article-row.js';
import { whyMatched } from './article-facts.js';
import { CarriedBasket } from './basket.js';
import { LanguageNotice } from './language-links.js';
import { MissReason } from './miss-reason.js';
import type { PageContext } from './page-context.js';
import { About } from './phrase.js';
import type { Packet, PacketInput } from './packet-reader.js';
import { nameOfCoding, tokenOf } from './packet-reader.js';
import type { WordsOfPacket } from './packet-words.js';
import { FoundByWordsOf } from './packet-words.js';

/** What the form is filled with. */
export interface PacketFields {
  readonly list: string;
  readonly age: string;
  readonly ageUnit: string;
  readonly sex: string;
  readonly includeInactive: boolean;
}

/** Units of an age that the form offers: UCUM code → text. */
export const AGE_UNITS = { a: 'years', mo: 'months', d: 'days' } as const;
const SEXES = ['female', 'male'] as const;

/** An address longer than this is refused by some proxy or other. */
const MAX_LINK_CHARS = 4000;

/** The id of what a page says is wrong with the form. */
export const PACKET_ERROR = 'packet-error';

interface FormProps {
  readonly fields: PacketFields;
  /** The age that was sent is none. */
  readonly badAge?: boolean;
  readonly page: PageContext;
}

function Reader({ fields, badAge = false, page: { t } }: FormProps) {
  return (
    <fieldset class="fields">
      <legend>{t('packet.patient')}</legend>
      <p>
        <label for="age">{t('packet.age')}</label>
        <input
          id="age"
          name="age"
          type="text"
          inputMode="numeric"
          maxLength={3}
          value={fields.age}
          autocomplete="off"
          aria-invalid={badAge ? 'true' : undefined}
          aria-describedby={badAge ? PACKET_ERROR : undefined}
        />
      </p>
      <p>
        <label for="ageUnit">{t('packet.ageUnit')}</label>
        <select id="ageUnit" name="ageUnit">
          {Object.entries(AGE_UNITS).map(([unit, name]) => (
            <option value={unit} selected={unit === fields.ageUnit}>
              {t(`packet.${name}`)}
            </option>
          ))}
        </select>
      </p>
      <p>
        <label for="sex">{t('packet.sex')}</label>
        <select id="sex" name="sex">
          <option value="">{t('packet.unknown')}</option>
          {SEXES.map((sex) => (
            <option value={sex} selected={sex === fields.sex}>
              {t(`packet.${sex}`)}
            </option>
          ))}
        </select>
      </p>
      <p class="choice-line">
        <input type="checkbox" id="inactive" name="inactive" value="true" checked={fields.includeInactive} />
        <label for="inactive">{t('packet.inactive')}</label>
      </p>
    </fieldset>
  );
}

/** The form as the head of the page knows it, to send it again in the other language. */
export const PACKET_FORM = { id: 'packet', action: '/packet' } as const;

/** What a packet is made of: posted, so that it stands in no address and in no log. */
export function PacketForm({ fields, badAge = false, page }: FormProps) {
  const { t, language } = page;
  return (
    <form class="packet-form" id={PACKET_FORM.id} action={`${page.basePath}${PACKET_FORM.action}`} method="post">
      <input type="hidden" name="lang" value={language} />
      <CarriedBasket page={page} />
      <label for="list">{t('packet.list')}</label>
      <textarea
        id="list"
        name="list"
        rows={8}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="list-hint"
        // A parser drops a line break right behind the tag. The templates escape a chart of megabytes twenty times as slowly.
        dangerouslySetInnerHTML={{ __html: `\n${escapeText(fields.list)}` }}
      />
      <p class="hint" id="list-hint">
        {t('packet.listHint')}
      </p>
      <Reader fields={fields} badAge={badAge} page={page} />
      <button type="submit">{t('packet.make')}</button>
    </form>
  );
}

/** For which codes an article is there, each with its way where that is longer than a step. */
function reasonsOf({ reasons }: ChartArticle, { inputs }: Packet, page: PageContext): string {
  const texts = reasons.map(({ question, coding, match }) => {
    const name = inputs[question.input]?.name ?? nameOfCoding(coding) ?? '';
    const isOwn = match.path.length === 1 && question.isSubject !== true;
    return isOwn ? page.t('page.mappedTo', { code: name }) : `${name}: ${whyMatched(match, page.t)}`;
  });
  return texts.join('; ');
}

/** The articles that are ticked: of each input the best, unless it is sensitive. */
function chosenOf(articles: readonly ChartArticle[], most: number): ReadonlySet<string> {
  const served = new Set<number>();
  const chosen = articles.filter(({ reasons, treatment }) => {
    const isFirst = reasons.some(({ question }) => !served.has(question.input));
    for (const { question } of reasons) served.add(question.input);
    return isFirst && treatment === 'show';
  });
  return new Set(chosen.slice(0, most).map(({ article }) => article.id));
}

function cardOf(found: ChartArticle, packet: Packet, chosen: ReadonlySet<string>, page: PageContext): CardContent {
  const { article, text, sensitivities, treatment } = found;
  const first = found.reasons[0]?.match.path.find(({ kind }) => kind === 'asked');
  return {
    key: article.id,
    article,
    text,
    ...mindedOf(treatment, sensitivities[0] ?? article.sensitivity),
    why: reasonsOf(found, packet, page),
    showsWhy: true,
    asked: first,
    related: new Map(),
    chosen: chosen.has(article.id),
  };
}

interface Remark {
  readonly input: PacketInput;
  readonly text: ComponentChildren;
}

function Remarks({
  id,
  title,
  remarks,
  page,
}: {
  id: string;
  title: string;
  remarks: readonly Remark[];
  page: PageContext;
}) {
  if (remarks.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="remarks">
        {remarks.map(({ input, text }) => (
          <li>
            <strong>{input.name}</strong>: {text}
            {input.words === '' ? null : (
              <>
                {'. '}
                <a href={page.href('/find', { q: input.words.slice(0, 200) })}>
                  {page.t('packet.searchIt')}
                  <About title={input.words} language={undefined} />
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function remarksOf(packet: Packet, chart: ChartResponse, page: PageContext): Record<'held' | 'out', Remark[]> {
  const { t } = page;
  const unread = packet.inputs.flatMap((input) => (input.fault === undefined ? [] : [{ input, text: input.fault }]));
  const tell = ({ question, answer }: ChartMiss): Remark[] => {
    const input = packet.inputs[question.input];
    if (!input) return [];
    const miss: Miss = answer.miss ?? { reason: 'code-not-mapped', hint: undefined, note: '' };
    return [{ input, text: <MissReason miss={miss} system={answer.coding.system} page={page} /> }];
  };
  const held = chart.held.flatMap(({ question }) => {
    const input = packet.inputs[question.input];
    return input ? [{ input, text: t('packet.heldBack') }] : [];
  });
  return {
    held: [...unread.filter(({ input }) => input.isHeld), ...held],
    out: [...unread.filter(({ input }) => !input.isHeld), ...chart.misses.flatMap(tell)],
  };
}

/** The address that leads to the same packet; undefined where a code has no place in one, or there are too many. */
function linkOf({ inputs }: Packet, page: PageContext): string | undefined {
  const codes = [
    ...new Set(inputs.flatMap(({ coding, fault }) => (fault === undefined && coding && tokenOf(coding)) || [])),
  ];
  const link = page.href('/packet', { code: codes });
  return codes.length > 0 && link.length <= MAX_LINK_CHARS ? link : undefined;
}

/** What came of a packet, in a line. */
export function outcomeOf({ inputs }: Packet, { articles }: ChartResponse, { t }: PageContext): string {
  const codes = inputs.filter(({ fault }) => fault === undefined).length;
  return t('packet.found', { articles: articles.length, codes });
}

interface PacketViewProps {
  readonly packet: Packet;
  readonly chart: ChartResponse;
  readonly byWords: WordsOfPacket;
  readonly mostChosen: number;
  /** The list as it was sent, to change it. */
  readonly fields: PacketFields;
  readonly page: PageContext;
}

/** A packet: what was left to decide, the articles with the codes they explain, and what is not in it. */
export function PacketView({ packet, chart, byWords, mostChosen, fields, page }: PacketViewProps) {
  const { t } = page;
  const chosen = chosenOf(chart.articles, mostChosen);
  const { held, out } = remarksOf(packet, chart, page);
  const served = new Set([...byWords.found, ...byWords.held].map(({ input }) => input));
  const link = linkOf(packet, page);
  return (
    <>
      <p class="lead" role="status">
        {outcomeOf(packet, chart, page)}
      </p>
      <div class="extras">
        <details class="more">
          <summary>{t('packet.change')}</summary>
          <PacketForm fields={fields} page={page} />
        </details>
        {link === undefined ? null : <a href={link}>{t('packet.link')}</a>}
      </div>
      <LanguageNotice answers={chart.response.answers} page={page} />
      <Remarks id="held" title={t('packet.held')} remarks={held} page={page} />
      {chart.articles.length === 0 ? null : <h2>{t('page.articlesFound')}</h2>}
      {chart.articles.map((found) => (
        <ArticleRow content={cardOf(found, packet, chosen, page)} page={page} />
      ))}
      <FoundByWordsOf words={byWords} chart={chart} page={page} />
      <Remarks id="out" title={t('packet.notIn')} remarks={out.filter(({ input }) => !served.has(input))} page={page} />
    </>
  );
}
