import { randomUUID } from 'node:crypto';
import { INTERPRETERS, METHODS, RECIPIENTS, TEACH_BACKS } from '../../core/handing-over/record.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import type { PageContext } from '../page-context.js';
import { Select } from '../parts/fields.js';
import { About } from '../parts/phrase.js';
import { PatientBanner } from './banner.js';
import type { LaunchSession } from './sessions.js';

/** Fields of the form with their values. Texts are in resources/i18n under `given`. */
export const GIVEN_FIELDS = {
  recipient: RECIPIENTS,
  method: METHODS,
  teachBack: TEACH_BACKS,
  interpreter: INTERPRETERS,
} as const;
export type GivenField = keyof typeof GIVEN_FIELDS;
export type GivenAnswer<Field extends GivenField> = (typeof GIVEN_FIELDS)[Field][number];

const FIELDS = Object.entries(GIVEN_FIELDS) as readonly (readonly [GivenField, readonly string[]])[];

/** Preselected values: they claim the least. */
export const FIRST: { readonly [Field in GivenField]: GivenAnswer<Field> } = {
  recipient: 'patient',
  method: 'printed',
  teachBack: 'not-done',
  interpreter: 'none',
};

/** Builds a field's name; the prefix tells it from the handout's own fields in the same form. */
export const givenField = (field: GivenField): string => `given-${field}`;

/** Builds the name of the field for a vaccine statement's edition date. */
export const editionField = (article: string): string => `edition-${article}`;

/** Whether an article is a Vaccine Information Statement: federal law requires its edition date to be recorded. */
export const isVaccineStatement = ({ article }: ShownArticle): boolean => article.kind === 'vis';

interface GivenFormProps {
  readonly session: LaunchSession;
  readonly chosen: readonly ShownArticle[];
  readonly page: PageContext;
}

/** The fields and the button "Given". They are part of the handout's form, so that the entry has the articles chosen there. */
export function GivenForm({ session, chosen, page }: GivenFormProps) {
  const { t, basePath, launched = '' } = page;
  return (
    <fieldset class="given">
      <legend>{t('given.title')}</legend>
      <p class="hint">{t('given.hint')}</p>
      {/* A form that is sent twice makes one entry. */}
      <input type="hidden" name="entry" value={randomUUID()} />
      {FIELDS.map(([field, answers]) => (
        <Select
          id={givenField(field)}
          label={t(`given.fields.${field}`)}
          options={answers.map((answer) => [answer, t(`given.${field}.${answer}`)] as const)}
          chosen={FIRST[field]}
          attributes={{ 'data-given': true }}
        />
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
