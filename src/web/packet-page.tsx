import type { ChartResponse } from '../core/charts/chart-response.js';
import { isChosen } from '../core/charts/chart-response.js';
import type { ChartSetting } from '../core/charts/chart-settings.js';
import { escapeText } from '../core/escape.js';
import { CarriedBasket } from './basket.js';
import { LanguageNotice } from './language-links.js';
import type { PageContext } from './page-context.js';
import type { Packet } from './packet-reader.js';
import { tokenOf } from './packet-reader.js';
import type { PacketPieces } from './packet-results.js';
import { divideArticles } from './packet-results.js';
import type { WordsOfPacket } from './packet-words.js';
import { FoundByWordsOf } from './packet-words.js';

/** What the form is filled with. */
export interface PacketFields {
  readonly list: string;
  readonly age: string;
  readonly ageUnit: string;
  readonly sex: string;
  readonly includeInactive: boolean;
  /** Empty: as the chart says. */
  readonly setting: string;
  /** The patient has died, and pages are wanted for the family. */
  readonly includeDeceased: boolean;
}

/** Units of an age that the form offers: UCUM code → text. */
export const AGE_UNITS = { a: 'years', mo: 'months', d: 'days' } as const;
const SEXES = ['female', 'male'] as const;
/** Settings that the form offers: each ticks another number of pages. */
export const FORM_SETTINGS = ['ambulatory', 'emergency', 'discharge'] as const satisfies readonly ChartSetting[];

/** An address longer than this is refused by some proxy or other. */
const MAX_LINK_CHARS = 4000;

/** The id of what a page says is wrong with the form. */
export const PACKET_ERROR = 'packet-error';

interface FormProps {
  readonly fields: PacketFields;
  /** The age that was sent is none. */
  readonly badAge?: boolean;
  /** The chart says that the patient has died. */
  readonly isDeceased?: boolean;
  readonly page: PageContext;
}

function Reader({ fields, badAge = false, isDeceased = false, page: { t } }: FormProps) {
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
      <p>
        <label for="setting">{t('packet.setting')}</label>
        <select id="setting" name="setting">
          <option value="">{t('packet.settings.chart')}</option>
          {FORM_SETTINGS.map((setting) => (
            <option value={setting} selected={setting === fields.setting}>
              {t(`packet.settings.${setting}`)}
            </option>
          ))}
        </select>
      </p>
      {isDeceased ? (
        <p class="choice-line">
          <input type="checkbox" id="deceased" name="deceased" value="true" checked={fields.includeDeceased} />
          <label for="deceased">{t('packet.deceasedToo')}</label>
        </p>
      ) : null}
    </fieldset>
  );
}

/** The form as the head of the page knows it, to send it again in the other language. */
export const PACKET_FORM = { id: 'packet', action: '/packet' } as const;

/** What a packet is made of: posted, so that it stands in no address and in no log. */
export function PacketForm({ fields, badAge = false, isDeceased = false, page }: FormProps) {
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
      <Reader fields={fields} badAge={badAge} isDeceased={isDeceased} page={page} />
      <button type="submit">{t('packet.make')}</button>
    </form>
  );
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
  return t('packet.found', { articles: articles.length, chosen: articles.filter(isChosen).length, codes });
}

/** @param lines remarks as HTML */
export function Remarks({ id, title, lines }: { id: string; title: string; lines: string }) {
  if (lines === '') return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="remarks" dangerouslySetInnerHTML={{ __html: lines }} />
    </section>
  );
}

interface PacketViewProps {
  readonly packet: Packet;
  readonly chart: ChartResponse;
  readonly byWords: WordsOfPacket;
  readonly pieces: PacketPieces;
  /** The list as it was sent, to change it. */
  readonly fields: PacketFields;
  readonly page: PageContext;
}

/** A packet: what was left to decide, the articles with the codes they explain, and what is not in it. */
export function PacketView({ packet, chart, byWords, pieces, fields, page }: PacketViewProps) {
  const { t } = page;
  const { cards, more } = divideArticles(chart);
  const isDeceased = packet.patient?.isDeceased ?? false;
  const link = linkOf(packet, page);
  return (
    <>
      <p class="lead" role="status">
        {outcomeOf(packet, chart, page)}
      </p>
      <div class="extras">
        <details class="more">
          <summary>{t('packet.change')}</summary>
          <PacketForm fields={fields} isDeceased={isDeceased} page={page} />
        </details>
        {link === undefined ? null : <a href={link}>{t('packet.link')}</a>}
      </div>
      {chart.isForDeceased ? <p class="notice">{t('packet.deceased')}</p> : null}
      <LanguageNotice shown={chart.response.answers.flatMap(({ matches }) => matches)} page={page} />
      {cards.some((one) => isChosen(one) && one.treatment === 'mark') ? (
        <p class="notice">{t('packet.whoSees')}</p>
      ) : null}
      <Remarks id="held" title={t('packet.held')} lines={pieces.held} />
      {pieces.cards === '' ? null : (
        <>
          <h2>{t('page.articlesFound')}</h2>
          <div dangerouslySetInnerHTML={{ __html: pieces.cards }} />
        </>
      )}
      {pieces.more === '' ? null : (
        <details class="more">
          <summary>{t('packet.more', { count: more.length })}</summary>
          <div dangerouslySetInnerHTML={{ __html: pieces.more }} />
        </details>
      )}
      <FoundByWordsOf words={byWords} chart={chart} page={page} />
      <Remarks id="out" title={t('packet.notIn')} lines={pieces.out} />
    </>
  );
}
