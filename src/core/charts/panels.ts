import { textIn, type Article } from '../model/article.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { languagesFrom } from '../model/language.js';
import type { Library } from '../model/library.js';
import { readDataFile } from '../read-data-file.js';
import type { Answered } from './chart-response.js';

/** Pages on panels, the widest first, with the pages on tests that each of them explains as well. */
export const PANELS: readonly (readonly [panel: string, parts: readonly string[]])[] = Object.entries(
  readDataFile('charts/panels.yaml') as Readonly<Record<string, string>>,
).map(([panel, parts]) => [panel, parts.split(' ')]);

/** So many parts were measured together: the panel was. */
const PARTS_OF_A_PANEL = 3;

/** The panels that stand for their parts in a chart: those whose own page the chart leads to, and those of which many parts are. */
function findPanels(pages: ReadonlySet<string>): Map<string, string> {
  const panelByPart = new Map<string, string>();
  const isThere = ([panel]: (typeof PANELS)[number]): boolean => pages.has(panel);
  for (const [panel, parts] of [...PANELS.filter(isThere), ...PANELS.filter((one) => !isThere(one))]) {
    const found = parts.filter((part) => pages.has(part) && !panelByPart.has(part));
    if (!pages.has(panel) && found.length < PARTS_OF_A_PANEL) continue;
    if (panelByPart.has(panel)) continue;
    for (const part of found) panelByPart.set(part, panel);
  }
  return panelByPart;
}

/** The pages of panels, by id, as far as the library serves them. */
function fetchPanels(panels: readonly string[], library: Library): Map<string, Article> {
  if (panels.length === 0) return new Map();
  return new Map(library.findArticles([...new Set(panels)]).map((article) => [article.id, article]));
}

/** A panel stands for its parts: results of tests that a panel of the chart explains lead to its page in place of their own. */
export function joinPanels(answered: readonly Answered[], context: RequestContext, library: Library): Answered[] {
  const isResult = ({ question }: Answered): boolean => question.kind === 'test' && question.isAsked !== true;
  const leads = answered.map((fact) => (isResult(fact) ? fact.matches[0]?.article.id : undefined));
  const panelByPart = findPanels(new Set(leads.filter((id) => id !== undefined)));
  const panels = fetchPanels([...panelByPart.values()], library);
  return answered.map((fact): Answered => {
    const [first] = fact.matches;
    const panel = first && isResult(fact) ? panels.get(panelByPart.get(first.article.id) ?? '') : undefined;
    const text = panel && textIn(panel, languagesFrom(context.language));
    if (!first || !panel || !text) return fact;
    const { sensitivity } = panel;
    const otherLanguage = text.language !== context.language;
    return {
      ...fact,
      matches: [{ ...first, article: panel, text, otherLanguage, sensitivity, relationship: 'broader' }],
    };
  });
}
