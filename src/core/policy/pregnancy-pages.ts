/** An article's titles, by language. */
interface Titled {
  readonly texts: Readonly<Record<string, { readonly title: string }>>;
}

/** Words of titles of pages about a pregnancy that was lost. */
const OF_LOSS =
  /miscarriage|stillb|\babortion\b|pregnancy loss|ectopic pregnancy|hydatidiform|aborto\b|mortinat|embarazo ectópico/i;
/** Of one that may yet go well. */
const THREATENED = /threatened|amenaza/i;
/** Words of titles of pages for those who expect a child, or have one that is new. */
const FOR_EXPECTING =
  /pregnan|childbirth|newborn|prenatal|postpartum|\bbab(y|ies)\b|infant|breastfe|\blabor\b|cesarean|twins|fetal|embaraz|\bparto\b|recién nacid|posparto|bebé|lactan|cesárea|gemelos/i;
/** Of further pages that only a pregnancy makes true. */
const ONLY_PREGNANT =
  /eclampsia|gestational|placenta|hyperemesis|morning sickness|amniocentesis|amniotic|chorionic villus|nonstress|rh incompatib|gestacional|náuseas matutinas|amniocentesis|incompatibilidad rh/i;
/** Of pages for the time after birth, among those for parents. */
const AFTER_BIRTH =
  /childbirth|newborn|postpartum|\bbab(y|ies)\b|infant|breastfe|cesarean|\bparto\b|recién nacid|posparto|bebé|lactan|cesárea/i;

const listTitles = ({ texts }: Titled): string[] => Object.values(texts).map(({ title }) => title);

/** Whether an article is about a lost pregnancy. */
export const isOfLoss = (article: Titled): boolean =>
  listTitles(article).some((title) => OF_LOSS.test(title) && !THREATENED.test(title));

/** Whether one of an article's titles has such words. */
const hasTitleOf = (article: Titled, words: RegExp): boolean => listTitles(article).some((title) => words.test(title));

/** Whether an article speaks to those who expect a child or have a new one. Sites' own are recognized by their titles as well. */
export const isForExpecting = (article: Titled): boolean =>
  !isOfLoss(article) && (hasTitleOf(article, FOR_EXPECTING) || hasTitleOf(article, ONLY_PREGNANT));

/** Whether it speaks of a pregnancy alone, not of what comes after it. */
export const isOfPregnancy = (article: Titled): boolean =>
  hasTitleOf(article, ONLY_PREGNANT) || (isForExpecting(article) && !hasTitleOf(article, AFTER_BIRTH));

/** Words of a name of a code that tell of a lost pregnancy, as notes have them. */
const TELLS_OF_LOSS =
  /\b(?:hydatidiform|molar|ectopic|tubal|ovarian) (?:pregnanc|gestation)|hydatidiform|\bcarneous mole|\babort(?:ed|ion|us)\b|miscarr|stillb|\b(?:fetal|f(?:o)?etus|intrauterine) (?:death|demise|loss)|\b(?:loss|termination) of pregnancy|pregnancy loss|aborto\b|mortinat|embarazo (?:ectópico|molar)/i;

/** Whether an article speaks to those who expect a child although a title tells of a lost pregnancy. */
export const isAgainstLoss = (title: string, article: Titled): boolean =>
  TELLS_OF_LOSS.test(title) && !/threaten|history|risk of|prior|previous/i.test(title) && isForExpecting(article);
