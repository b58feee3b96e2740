import type { Language } from '../core/model/language.js';
import type { Understanding } from '../core/words/understanding.js';
import type { Translate } from '../texts.js';

/** Sites that may have information on a drug, and their searches. A link of these is opened by the reader alone: nothing is fetched here. */
const DAILYMED = 'https://dailymed.nlm.nih.gov/dailymed/';
const MEDLINEPLUS = 'https://medlineplus.gov/';
const MEDLINEPLUS_SEARCH = 'https://vsearch.nlm.nih.gov/vivisimo/cgi-bin/query-meta';

/** Step that a reader may take where nothing was found: a search for something else, or another site. */
export interface NextStep {
  readonly text: string;
  /** Search of this library. */
  readonly query?: string;
  /** Address of another site. */
  readonly url?: string;
}

const searchMedlinePlus = (name: string, language: Language): string => {
  const project = language === 'es' ? 'medlineplus-spanish' : 'medlineplus';
  return `${MEDLINEPLUS_SEARCH}?v%3Aproject=${project}&v%3Asources=${project}-bundle&query=${encodeURIComponent(name)}`;
};

/** DailyMed's search for a drug's labels. @param name of the tables, never what was typed */
export const linkDailyMed = (name: string, t: Translate): NextStep => ({
  text: t('words.searchDailyMed', { name }),
  url: `${DAILYMED}search.cfm?query=${encodeURIComponent(name)}`,
});

/** Other sites for a drug without a page. @param name of the tables, never what was typed; undefined where none is known */
export function listDrugSites(name: string | undefined, t: Translate, language: Language): readonly NextStep[] {
  if (name !== undefined)
    return [
      linkDailyMed(name, t),
      { text: t('words.searchMedlinePlus', { name }), url: searchMedlinePlus(name, language) },
    ];
  const drugs = `${MEDLINEPLUS}${language === 'es' ? 'spanish/' : ''}druginformation.html`;
  return [
    { text: t('words.openDailyMed'), url: DAILYMED },
    { text: t('words.openMedlinePlus'), url: drugs },
  ];
}

/**
 * Returns the next steps of a query that was understood and finds nothing, as the page shows them: of a drug without a page its ingredients, the
 * pharmacist and other sites; of a held line the search for its subject. Empty for any other.
 */
export function listNextSteps(understood: Understanding, t: Translate, language: Language): readonly NextStep[] {
  if (understood.hits.length > 0) return [];
  if (understood.kind === 'held') {
    const { subject } = understood.statement;
    return (understood.readings ?? []).length > 0 ? [] : [{ text: t('words.search', { subject }), query: subject }];
  }
  if (understood.kind !== 'drug') return [];
  const { name, ingredients = [] } = understood.drug ?? {};
  const parts = ingredients.length > 1 ? ingredients.map((query) => ({ text: query, query })) : [];
  return [
    { text: t('words.noDrugPageHint') },
    ...(parts.length > 0 ? [{ text: t('words.ingredients') }, ...parts] : []),
    { text: t('words.askPharmacist') },
    ...listDrugSites(name, t, language),
  ];
}
