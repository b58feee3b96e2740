import type { PageContext } from '../page-context.js';
import { LinkItem } from '../parts/link-item.js';

/** Sites that may have information on a drug, and their searches. A link of these is opened by the reader alone: nothing is fetched here. */
const DAILYMED = 'https://dailymed.nlm.nih.gov/dailymed/';
const MEDLINEPLUS = 'https://medlineplus.gov/';
const MEDLINEPLUS_SEARCH = 'https://vsearch.nlm.nih.gov/vivisimo/cgi-bin/query-meta';

const searchDailyMed = (name: string): string => `${DAILYMED}search.cfm?query=${encodeURIComponent(name)}`;

function searchMedlinePlus(name: string, isSpanish: boolean): string {
  const project = isSpanish ? 'medlineplus-spanish' : 'medlineplus';
  return `${MEDLINEPLUS_SEARCH}?v%3Aproject=${project}&v%3Asources=${project}-bundle&query=${encodeURIComponent(name)}`;
}

function OtherSite({ href, text }: { href: string; text: string }) {
  return (
    <li>
      <a href={href} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    </li>
  );
}

/** The link from a drug's page to its labels, for a site that has imported none. @param name the page's title */
export function FindLabel({ name, page: { t } }: { name: string; page: PageContext }) {
  return (
    <ul class="tries">
      <OtherSite href={searchDailyMed(name)} text={t('words.searchDailyMed', { name })} />
    </ul>
  );
}

/**
 * Next steps for a drug without a page: its ingredients, the pharmacist, other sites' searches.
 * @param name a name of the tables, never what was typed; undefined where none is known
 */
export function DrugNextSteps({
  name,
  ingredients = [],
  page,
}: {
  name: string | undefined;
  ingredients?: readonly string[];
  page: PageContext;
}) {
  const { t, language } = page;
  const isSpanish = language === 'es';
  const drugs = `${MEDLINEPLUS}${isSpanish ? 'spanish/' : ''}druginformation.html`;
  return (
    <>
      {ingredients.length > 1 ? (
        <>
          <p>{t('words.ingredients')}</p>
          <ul class="tries">
            {ingredients.map((ingredient) => (
              <LinkItem href={page.href('/find', { q: ingredient })}>{ingredient}</LinkItem>
            ))}
          </ul>
        </>
      ) : null}
      <p>{t('words.askPharmacist')}</p>
      <ul class="tries">
        <OtherSite
          href={name === undefined ? DAILYMED : searchDailyMed(name)}
          text={name === undefined ? t('words.openDailyMed') : t('words.searchDailyMed', { name })}
        />
        <OtherSite
          href={name === undefined ? drugs : searchMedlinePlus(name, isSpanish)}
          text={name === undefined ? t('words.openMedlinePlus') : t('words.searchMedlinePlus', { name })}
        />
      </ul>
    </>
  );
}
