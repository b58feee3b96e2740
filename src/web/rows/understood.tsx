import { listReadings, type OfferedReading, type Understanding } from '../../core/words/understanding.js';
import { explainUnderstanding } from '../../protocols/understanding-text.js';
import type { PageContext } from '../page-context.js';
import { DrugNextSteps } from './drug-next-steps.js';

/** A meaning to choose: its search, and the article that explains it. Nothing of it is ticked. */
function Reading({ reading, page }: { reading: OfferedReading; page: PageContext }) {
  const { means, language, query, articles } = reading;
  const article = articles.find((hit) => page.isGiven(hit));
  return (
    <li>
      <a href={page.href('/find', { q: query })} lang={language}>
        {means}
      </a>
      {article ? (
        <>
          {': '}
          <a href={page.href(`/article/${article.article.id}`)} lang={article.text.language}>
            {article.text.title}
          </a>
        </>
      ) : null}
    </li>
  );
}

/** A sentence above what was found; nothing without a text. */
export function StatusNotice({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <p class="notice" role="status">
      {text}
    </p>
  );
}

/** Why a line that was understood selects nothing, and what a person may choose. Nothing where words were searched. */
export function UnderstoodNotice({ understood, page }: { understood: Understanding; page: PageContext }) {
  const reason = explainUnderstanding(understood, page.t);
  if (!reason) return null;
  const readings = listReadings(understood) ?? [];
  return (
    <div class="notice" role="status">
      <p>
        <strong>{reason.text}</strong>
      </p>
      {readings.length > 0 ? (
        <ul class="tries" aria-label={page.t('words.readings')}>
          {readings.map((reading) => (
            <Reading reading={reading} page={page} />
          ))}
        </ul>
      ) : null}
      {understood.kind === 'held' && readings.length === 0 ? (
        <p>
          <a href={page.href('/find', { q: understood.statement.subject })}>
            {page.t('words.search', { subject: understood.statement.subject })}
          </a>
        </p>
      ) : null}
      {understood.kind === 'drug' ? (
        <>
          <p>{page.t('words.noDrugPageHint')}</p>
          <DrugNextSteps name={understood.drug?.name} ingredients={understood.drug?.ingredients ?? []} page={page} />
        </>
      ) : null}
    </div>
  );
}
