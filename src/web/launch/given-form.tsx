import { hash, randomUUID } from 'node:crypto';
import { hasFollowUp } from '../../core/handing-over/follow-up.js';
import { INTERPRETERS, METHODS, RECIPIENTS, TEACH_BACKS } from '../../core/handing-over/record.js';
import type { GivenEntry, GivenItem } from '../../core/handing-over/record.js';
import type { HandoutArticle } from '../../handout/handout.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { firstValue, type Parameters, type RouteRequest } from '../../protocols/route.js';
import type { RequestedHandout } from '../handout/handout-content.js';
import type { PageContext } from '../page-context.js';
import { buildAddress } from '../parts/article-facts.js';
import { Select } from '../parts/fields.js';
import { findReaderLinks } from '../parts/language-links.js';
import { AboutArticle } from '../parts/namesakes.js';
import { PatientBanner } from './banner.js';
import type { LaunchSession } from './sessions.js';

/** Field of the form "Given": a second press with the same articles asks first. */
export const ASKS = 'asks';

/** Fields of the form with their values. Texts are in resources/i18n under `given`. */
const GIVEN_FIELDS = {
  recipient: RECIPIENTS,
  method: METHODS,
  teachBack: TEACH_BACKS,
  interpreter: INTERPRETERS,
} as const;
type GivenField = keyof typeof GIVEN_FIELDS;
type GivenAnswer<Field extends GivenField> = (typeof GIVEN_FIELDS)[Field][number];

const FIELDS = Object.entries(GIVEN_FIELDS) as readonly (readonly [GivenField, readonly string[]])[];

/** Preselected values: they claim the least. */
const FIRST: { readonly [Field in GivenField]: GivenAnswer<Field> } = {
  recipient: 'patient',
  method: 'printed',
  teachBack: 'not-done',
  interpreter: 'none',
};

/** Builds a field's name; the prefix tells it from the handout's own fields in the same form. */
const givenField = (field: GivenField): string => `given-${field}`;

/** Builds the name of the field for a vaccine statement's edition date. */
const editionField = (article: string): string => `edition-${article}`;

/** Whether an article is a Vaccine Information Statement: federal law requires its edition date to be recorded. */
const isVaccineStatement = ({ article }: ShownArticle): boolean => article.kind === 'vis';

interface GivenFormProps {
  readonly session: LaunchSession;
  readonly chosen: readonly ShownArticle[];
  /** Whether the chart alone holds entries. */
  readonly isChartOnly: boolean;
  readonly page: PageContext;
}

/** The fields and the button "Given". They are part of the handout's form, so that the entry has the articles chosen there. */
export function GivenForm({ session, chosen, isChartOnly, page }: GivenFormProps) {
  const { t, basePath, launched = '' } = page;
  return (
    <fieldset class="given">
      <legend>{t('given.title')}</legend>
      <p class="hint">{t(isChartOnly ? 'given.chartOnly.hint' : 'given.hint')}</p>
      {/* A form that is sent twice makes one entry. */}
      <input type="hidden" name="entry" value={randomUUID()} />
      <input type="hidden" name={ASKS} value="1" />
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
            <AboutArticle article={article} text={text} page={page} />
          </label>
          <input
            type="date"
            id={editionField(article.id)}
            name={editionField(article.id)}
            value={article.editionOn ?? ''}
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

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a field; the preselected value if the sent one is none of the allowed ones. */
function readAnswer<Field extends GivenField>(parameters: Parameters, field: Field): GivenAnswer<Field> {
  const sent = firstValue(parameters, givenField(field));
  const answers: readonly GivenAnswer<Field>[] = GIVEN_FIELDS[field];
  return answers.find((one) => one === sent) ?? FIRST[field];
}

function readEdition(parameters: Parameters, one: ShownArticle): string | undefined {
  if (!isVaccineStatement(one)) return undefined;
  const sent = firstValue(parameters, editionField(one.article.id));
  return DAY.test(sent) && !Number.isNaN(Date.parse(sent)) ? sent : undefined;
}

/** An article's text for the record, with its digest; undefined if only its link was handed over. */
function recordText(text: HandoutArticle | undefined): { digest: string; content: string } | undefined {
  if (text?.html === undefined) return undefined;
  const content = JSON.stringify(text);
  return { digest: hash('sha256', content), content };
}

/**
 * Creates the entry of a handout within a launch: the articles, their texts as printed, and the form's fields.
 * @param release name of the library's release
 * @returns the entry, and the texts by their digests
 */
export function makeEntry(
  { parameters, now }: Pick<RouteRequest, 'parameters' | 'now'>,
  { handout, chosen, choices, paper }: RequestedHandout,
  { ehr, granted, languagePreferred, department }: LaunchSession,
  release: string,
): { readonly entry: GivenEntry; readonly texts: ReadonlyMap<string, string> } {
  const texts = new Map<string, string>();
  const items = chosen.map((one, at): GivenItem => {
    const { article, text } = one;
    const recorded = recordText(handout.articles[at]);
    if (recorded) texts.set(recorded.digest, recorded.content);
    return {
      article: article.id,
      title: text.title,
      language: text.language,
      address: buildAddress(text, paper),
      textDigest: recorded?.digest,
      sensitivity: article.sensitivity,
      edition: readEdition(parameters, one),
      gdti: article.gdti,
      linkedIn: findReaderLinks(one, paper).find(({ language }) => language === languagePreferred)?.language,
    };
  });
  const sent = firstValue(parameters, 'entry');
  const entry: GivenEntry = {
    id: UUID.test(sent) ? sent : randomUUID(),
    at: now.toISOString(),
    by: granted.user,
    ehr: ehr.iss,
    patientId: granted.patientId,
    encounterId: granted.encounterId,
    department,
    release,
    items,
    recipient: readAnswer(parameters, 'recipient'),
    interpreter: readAnswer(parameters, 'interpreter'),
    languagePreferred,
    languageGiven: paper.language,
    method: readAnswer(parameters, 'method'),
    teachBack: readAnswer(parameters, 'teachBack'),
    hasNote: choices.note !== '',
    followUp: hasFollowUp(choices.followUp) ? choices.followUp : undefined,
  };
  return { entry, texts };
}
