import type { Article } from '../model/article.js';

const TOPICS =
  'acutebronchitis commoncold sorethroat flu h1n1fluswineflu sinusitis earinfections pneumonia tonsillitis croup ' +
  'whoopingcough infectiousmononucleosis covid19coronavirusdisease2019 gastroenteritis norovirusinfections ' +
  'rotavirusinfections foodborneillness salmonellainfections campylobacterinfections ecoliinfections diarrhea ' +
  'nauseaandvomiting appendicitis cellulitis impetigo skininfections pinkeye eyeinfections urinarytractinfections ' +
  'vaginitis yeastinfections chickenpox fifthdisease measles mumps rubella shingles headlice scabies pinworms ' +
  'athletesfoot tineainfections hives rashes poisonivyoakandsumac insectbitesandstings tickbites spiderbites animalbites ' +
  'sprainsandstrains fractures dislocations dislocatedshoulder bruises burns woundsandinjuries frostbite heatillness ' +
  'hypothermia concussion headinjuries facialinjuriesanddisorders chestinjuriesanddisorders eyeinjuries ' +
  'wristinjuriesanddisorders fingerinjuriesanddisorders handinjuriesanddisorders toeinjuriesanddisorders sportsinjuries ' +
  'foreignbodies choking poisoning fever cough headache dizzinessandvertigo fainting dehydration chestpain abdominalpain ' +
  'respiratorysyncytialvirusinfections streptococcalinfections viralinfections bacterialinfections cdiffinfections ' +
  'infectiousdiseases meningitis sepsis anaphylaxis opioidoverdose stress bleeding collapsedlung kidneystones ' +
  'respiratoryfailure shock jaundice itching';

const OTHERS =
  'ency-000042 ency-000043 ency-000060 ency-000061 ency-000073 ency-000079 ency-000082 ency-000252 ency-000254 ' +
  'ency-000264 ency-000287 ency-000320 ency-000357 ency-000501 ency-000505 ency-000521 ency-000526 ency-000639 ' +
  'ency-000654 ency-000974 ency-000975 ency-000976 ency-000980 ency-000986 ency-001012 ency-007287 ency-007639 ' +
  'test-pulse-oximetry';

/** Articles on what is over in days or weeks. */
export const SHORT_ILLNESSES: ReadonlySet<string> = new Set([
  ...TOPICS.split(' ').map((name) => `topic-${name}`),
  ...OTHERS.split(' '),
]);

const SHORT_TITLE = /\bacute\b|aftercare|\bsprain|\bfracture|laceration/i;
const LASTING_TITLE = /leukemia|\bafter acute|osteoporo/i;

/** Medicines for short courses: against infections, for some days; by the names of their ingredients. */
const COURSES =
  /(cillin|mycin|micin|floxacin|cycline|oxacin|conazole)\b|\b(ceph|cef)|penem\b|amoxicillin|sulfamethoxazole|nitrofurantoin|metronidazole|tinidazole|fosfomycin|linezolid|oseltamivir|zanamivir|baloxavir|nirmatrelvir|famciclovir|ivermectin|albendazole|mebendazole|permethrin|methylprednisolone|benzonatate|guaifenesin|dextromethorphan|pseudoephedrine|ondansetron|ketorolac|codeine|hydrocodone|oxycodone/i;

/** Whether an article is about a short illness, or a drug for a short course: old facts of the kind are over, whatever their status. */
export function isShortIllness({ id, kind, texts }: Pick<Article, 'id' | 'kind' | 'texts'>): boolean {
  const title = texts.en?.title ?? '';
  if (kind === 'drug') return COURSES.test(title);
  return SHORT_ILLNESSES.has(id) || (SHORT_TITLE.test(title) && !LASTING_TITLE.test(title));
}
