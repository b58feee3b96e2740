import { randomUUID } from 'node:crypto';
import { INTERPRETERS, METHODS, RECIPIENTS, TEACH_BACKS } from '../../core/handing-over/record.js';
import type { ChosenArticle } from '../handout/handout-content.js';
import type { PageContext } from '../page-context.js';
import { About } from '../parts/phrase.js';
import { PatientBanner } from './banner.js';
import type { LaunchSession } from './sessions.js';

/** What the form asks, each with its answers; texts are in resources/i18n under `given`. */
export const GIVEN_FIELDS = {
  recipient: RECIPIENTS,
  method: METHODS,
  teachBack: TEACH_BACKS,
  interpreter: INTERPRETERS,
} as const;
export type GivenField = keyof typeof GIVEN_FIELDS;

const FIELDS = Object.entries(GIVEN_FIELDS) as readonly (readonly [GivenField, readonly string[]])[];

/** The answer that stands there first: the one that claims nothing. */
const FIRST: Readonly<Record<GivenField, string>> = {
  recipient: 'patient',
  method: 'printed',
  teachBack: 'not-done',
  interpreter: 'none',
};

/** Names of the fields: the paper's own options stand in the same form. */
export const givenField = (field: GivenField): string => `given-${field}`;

/** Name of the field for the edition date of a vaccine statement. */
export const editionField = (article: string): string => `edition-${article}`;

/** Articles that are Vaccine Information Statements: federal law has their edition dates recorded. */
export const isVaccineStatement = ({ article }: ChosenArticle): boolean => article.kind === 'vis';

interface GivenFormProps {
  readonly session: LaunchSession;
  readonly chosen: readonly ChosenArticle[];
  readonly page: PageContext;
}

/** What is asked once the handout was given. It is part of the handout's form, so that what is recorded is what was chosen there. */
export function GivenForm({ session, chosen, page }: GivenFormProps) {
  const { t, basePath, launched = '' } = page;
  return (
    <fieldset class="given">
      <legend>{t('given.title')}</legend>
      <p class="hint">{t('given.hint')}</p>
      {/* Sent twice, it is one entry. */}
      <input type="hidden" name="entry" value={randomUUID()} />
      {FIELDS.map(([field, answers]) => (
        <p>
          <label for={givenField(field)}>{t(`given.fields.${field}`)}</label>
          <select id={givenField(field)} name={givenField(field)} data-given>
            {answers.map((answer) => (
              <option value={answer} selected={answer === FIRST[field]}>
                {t(`given.${field}.${answer}`)}
              </option>
            ))}
          </select>
        </p>
      ))}
      {chosen.filter(isVaccineStatement).map(({ article, text }) => (
        <p>
          <label for={editionField(article.id)}>
            {t('given.edition')}
            <About title={text.title} language={text.language} />
          </label>
          <input
            type="date"
            id={editionField(article.id)}
            name={editionField(article.id)}
            value={article.reviewedOn ?? ''}
          />
        </p>
      ))}
      <PatientBanner session={session} page={page} />
      <p class="actions">
        <button type="submit" formAction={`${basePath}${launched}/given`} formTarget="_self">
          {t('given.press')}
        </button>
      </p>
    </fieldset>
  );
}
