import { createHash, randomUUID } from 'node:crypto';
import type { GivenEntry, GivenItem } from '../../core/handing-over/record.js';
import type { HandoutArticle } from '../../handout/handout.js';
import type { Parameters, RouteRequest } from '../../protocols/route.js';
import { buildAddress } from '../parts/article-facts.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import type { RequestedHandout } from '../handout/handout-content.js';
import { firstValue } from '../page-context.js';
import { FIRST, GIVEN_FIELDS, editionField, givenField, isVaccineStatement } from './given-form.js';
import type { GivenAnswer, GivenField } from './given-form.js';
import type { LaunchSession } from './sessions.js';

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
  return { digest: createHash('sha256').update(content).digest('hex'), content };
}

/**
 * Creates the entry of a handout within a launch: the articles, their texts as printed, and the form's fields.
 * @param release name of the library's release
 * @returns the entry, and the texts by their digests
 */
export function makeEntry(
  { parameters, now }: Pick<RouteRequest, 'parameters' | 'now'>,
  { handout, chosen, choices, paper }: RequestedHandout,
  { ehr, granted, languagePreferred }: LaunchSession,
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
    release,
    items,
    recipient: readAnswer(parameters, 'recipient'),
    interpreter: readAnswer(parameters, 'interpreter'),
    languagePreferred,
    languageGiven: paper.language,
    method: readAnswer(parameters, 'method'),
    teachBack: readAnswer(parameters, 'teachBack'),
    hasNote: choices.note !== '',
  };
  return { entry, texts };
}
