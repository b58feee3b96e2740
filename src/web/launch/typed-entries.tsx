import { answerChart } from '../../core/charts/answer-chart.js';
import type { ChartSituation } from '../../core/charts/chart-settings.js';
import { LIMITS } from '../../limits.js';
import { wholeValue, type RouteRequest } from '../../protocols/route.js';
import { UNCLEAR, type ChartChoices } from '../list/chart-choices.js';
import { buildRows } from '../list/list-rows.js';
import { applyChoice, normalizeBreaks } from '../list/list-route.js';
import { RowsView, renderRows } from '../list/list-view.js';
import { readItems, toListPacket } from '../list/read-packet.js';
import type { PageContext } from '../page-context.js';
import { BASKET_FORM, readAddedIds } from '../parts/basket.js';
import type { LaunchOptions } from './launch-options.js';

/**
 * Reads what a clinician typed beside the chart, and the ids of the articles that were ticked then; undefined where the page was only
 * opened. Nothing typed is in an address.
 */
export function readTyped({ method, parameters }: RouteRequest) {
  if (method !== 'POST') return undefined;
  const sent = parameters.find(([name]) => name === 'list')?.[1] ?? '';
  const text = applyChoice(normalizeBreaks(sent), wholeValue(parameters, 'as'));
  return { text, ticked: readAddedIds(parameters).slice(0, LIMITS.maxHandoutArticles) };
}

/** Answers what was typed for the reader of the chart. @throws RequestError `too-many-criteria` */
export async function answerTyped(
  { text, ticked }: NonNullable<ReturnType<typeof readTyped>>,
  page: PageContext,
  situation: ChartSituation,
  options: LaunchOptions,
) {
  const { library, terminologySource } = options;
  // A pasted chart may be another patient's: all of it is read as words.
  const packet = toListPacket(await readItems(text, options, page));
  const chart = await answerChart(packet.questions, page.reader, situation, library, terminologySource);
  const rows = await buildRows(packet, chart, page, options);
  const named = rows.flatMap(({ card }) => (card?.chosen === true ? card.article.id : []));
  const all = new Set([...ticked, ...named]);
  const html = renderRows(rows, { ...page, ticked: all });
  /** `ticked`: ids of the articles that were ticked, and of what the entries name. */
  return { text, rows, html, ticked: all as ReadonlySet<string> };
}

interface TypedEntriesProps {
  /** A typed list with its articles, as rows and as HTML. */
  readonly typed: Awaited<ReturnType<typeof answerTyped>> | undefined;
  readonly choices: ChartChoices;
  readonly page: PageContext;
}

/** The box for further words and codes. It belongs to the form of the articles, so that what is ticked is sent with it. */
export function AddEntries({ typed, choices, page: { t, basePath, launched = '' } }: TypedEntriesProps) {
  const { includeInactive, includeDeceased, takesUnclear, setting } = choices;
  const send = (isSet: boolean): string => (isSet ? 'true' : '');
  const hidden = {
    inactive: send(includeInactive),
    deceased: send(includeDeceased),
    [UNCLEAR]: send(takesUnclear),
    setting,
  };
  return (
    <div class="packet-form launch-add">
      <label for="list">{t('launch.add')}</label>
      <textarea
        id="list"
        name="list"
        form={BASKET_FORM}
        rows={2}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="list-hint"
      >
        {`\n${typed?.text ?? ''}`}
      </textarea>
      <p class="hint" id="list-hint">
        {t('launch.addHint')}
      </p>
      {Object.entries(hidden).map(([name, value]) =>
        value === '' ? null : <input type="hidden" name={name} value={value} form={BASKET_FORM} />,
      )}
      <button type="submit" class="action" form={BASKET_FORM} formAction={`${basePath}${launched}`}>
        {t('launch.addButton')}
      </button>
    </div>
  );
}

/** The typed entries with their articles. */
export function TypedEntries({ typed, page }: Pick<TypedEntriesProps, 'typed' | 'page'>) {
  if (!typed || typed.rows.length === 0) return null;
  return (
    <section aria-label={page.t('launch.added')}>
      <RowsView rows={typed.rows} html={typed.html} title={page.t('launch.added')} page={page} />
    </section>
  );
}
