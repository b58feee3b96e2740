import type { Concern } from '../../core/leaflets/concerns.js';
import { LIMITS } from '../../limits.js';
import type { Parameters } from '../../protocols/route.js';
import { CarriedDepartment } from '../department.js';
import { Tick } from './fields.js';
import { LanguageOptions } from './language-links.js';
import { CONCERN } from '../leaflet/write-leaflet.js';
import type { PageContext } from '../page-context.js';

/** The form that the boxes of a page's articles belong to. */
export const BASKET_FORM = 'choice';
/** Name of the parameter that carries the basket where no script does. */
export const BASKET = 'basket';

/** No id is longer, and what is no id is not shown again. */
const ID = /^[a-z]+-[A-Za-z0-9._-]{1,200}$/;

/** The ids of articles in parameters of these names, in their order, each once; a value may list several. */
export function readArticleIds(parameters: Parameters, names: readonly string[]): string[] {
  const sent = parameters.flatMap(([name, value]) => (names.includes(name) ? value.split(',') : []));
  return [...new Set(sent.map((id) => id.trim()))].filter((id) => ID.test(id));
}

/** The ids of what was in the basket, then of what was ticked beside it. */
export const readAddedIds = (parameters: Parameters): string[] => [
  ...new Set([...readArticleIds(parameters, [BASKET]), ...readArticleIds(parameters, ['article'])]),
];

/** The basket that an address or a form carries for browsers without a script: what was in it, and what was ticked. */
export const readBasket = (parameters: Parameters): string[] =>
  readAddedIds(parameters).slice(0, LIMITS.maxHandoutArticles);

/** Settings of a page's basket. */
export interface Offer {
  /** The language that the patient reads, where it is known; else the page's. */
  readonly reads?: string | undefined;
  /** The patient's situations for which parts of drugs' leaflets come first on the handout. They are posted. */
  readonly concerns?: readonly Concern[];
}

/** The basket as a field of a form that is no way to the handout. */
export function CarriedBasket({ page: { basket } }: { page: Pick<PageContext, 'basket'> }) {
  if (basket.length === 0) return null;
  return <input type="hidden" name={BASKET} value={basket.map(({ article }) => article.id).join()} />;
}

/**
 * The articles for the patient handout, on every page. resources/web/basket.js keeps them in the browser's session; without a script
 * addresses and forms carry them.
 * @param offer undefined: nothing can be added on this page
 */
export function BasketBar({ page, offer }: { page: PageContext; offer: Offer | undefined }) {
  const { t, language, basket, basePath, href, launched } = page;
  const { concerns = [] } = offer ?? {};
  return (
    <form
      class={offer === undefined ? 'choice is-empty is-idle' : 'choice is-empty'}
      id={BASKET_FORM}
      action={`${basePath}${launched ?? ''}/handout`}
      method={launched === undefined && concerns.length === 0 ? 'get' : 'post'}
      data-launch={launched}
      aria-label={t('page.handOver')}
      hidden={offer === undefined && basket.length === 0}
      data-remove={t('basket.remove')}
    >
      <input type="hidden" name="lang" value={language} />
      <CarriedDepartment page={page} />
      {concerns.map((concern) => (
        <input type="hidden" name={CONCERN} value={concern} />
      ))}
      <details class="basket">
        <summary>
          <span class="choice-count" aria-live="polite" data-chosen={t('page.chosen', { count: '%' })}>
            {t('page.chosen', { count: basket.length })}
          </span>
        </summary>
        <ol class="with-script" data-basket aria-label={t('basket.show')} />
        <noscript>
          {basket.map(({ article: { id }, text }) => (
            <Tick id={`kept-${id}`} name={BASKET} value={id} checked language={text.language}>
              {text.title}
            </Tick>
          ))}
        </noscript>
        <button type="button" class="action with-script" data-clear>
          {t('basket.clear')}
        </button>
      </details>
      <label class="unseen" for="choice-language">
        {t('handout.language')}
      </label>
      <select id="choice-language" name="language">
        <LanguageOptions chosen={offer?.reads ?? page.reader.foreignLanguage ?? page.handoutLanguage} page={page} />
      </select>
      <button type="submit">{t('page.toHandout')}</button>
      {launched === undefined ? (
        <noscript>
          {concerns.length > 0 ? null : (
            <button type="submit" class="action" formAction={`${basePath}/`}>
              {t('basket.searchOn')}
            </button>
          )}
          {basket.length === 0 ? null : (
            <a class="action" href={href('/', { [BASKET]: [] })}>
              {t('basket.clear')}
            </a>
          )}
        </noscript>
      ) : null}
    </form>
  );
}
