import type { Coding } from '../../codes/concept.js';
import type { Library } from '../../model/library.js';
import { readDataFile } from '../../read-data-file.js';

/** Codes of ICD-10-CM for a family history, by beginnings of the codes of conditions. */
const CODES = new Map(
  Object.entries(readDataFile('titles/family-history.yaml') as Readonly<Record<string, string>>).sort(
    ([one], [other]) => other.length - one.length,
  ),
);
/** A family history of another condition. */
const OTHER = 'Z84.89';

/** The code for a family history of the condition that an article is about. */
export function findFamilyHistoryCode(article: string, library: Pick<Library, 'findCodes'>): Coding {
  const own = library
    .findCodes(article)
    .toArray()
    .filter(({ system, relationship }) => system === 'icd-10-cm' && relationship !== 'related');
  const code = own.find(({ relationship }) => relationship === 'equivalent')?.code ?? own[0]?.code ?? '';
  const beginning = [...CODES.keys()].find((one) => code.startsWith(one)) ?? '';
  return { system: 'icd-10-cm', code: CODES.get(beginning) ?? OTHER };
}
