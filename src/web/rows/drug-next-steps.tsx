import { linkDailyMed, listDrugSites, type NextStep } from '../../protocols/next-steps.js';
import type { PageContext } from '../page-context.js';
import { LinkItem } from '../parts/link-item.js';

function OtherSite({ site: { url, text } }: { site: NextStep }) {
  return (
    <li>
      <a href={url} target="_blank" rel="noopener noreferrer">
        {text}
      </a>
    </li>
  );
}

/** The link from a drug's page to its labels, for a site that has imported none. @param name the page's title */
export function FindLabel({ name, page: { t } }: { name: string; page: PageContext }) {
  return (
    <ul class="tries">
      <OtherSite site={linkDailyMed(name, t)} />
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
        {listDrugSites(name, t, language).map((site) => (
          <OtherSite site={site} />
        ))}
      </ul>
    </>
  );
}
