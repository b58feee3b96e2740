import type { Card } from '../../protocols/cds-hooks/card.js';
import type { HookResult } from '../hook-caller.js';
import type { PatientView } from '../chart-view.js';
import { chartPath, type DemoView } from '../view.js';
import { Exchange } from './exchange.js';
import { PostButton } from './layout.js';

interface CardsProps {
  readonly result: HookResult;
  /** Where the cards are shown: the path below the chart. */
  readonly place: string;
  readonly patient: PatientView;
  readonly view: DemoView;
}

/** Paragraphs of a card's detail beside its list of links, without Markdown's escapes. */
const listRemarks = ({ detail }: Card): string[] =>
  detail
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('- ['))
    .map((line) => line.replace(/\\(.)/g, '$1'));

function CardLinks({ card, patient, view }: { card: Card } & Pick<CardsProps, 'patient' | 'view'>) {
  const pages = card.links.filter(({ type }) => type === 'absolute');
  const launches = card.links.filter(({ type }) => type === 'smart');
  return (
    <>
      <ul class="card-links">
        {pages.map(({ label, url }) => (
          <li>
            <a href={url} target="_blank">
              {label}
            </a>
          </li>
        ))}
      </ul>
      {listRemarks(card).map((line) => (
        <p class="quiet">{line}</p>
      ))}
      {launches.map(({ label, appContext }) => (
        <PostButton action={`${chartPath(patient.id)}/launch`} fields={{ appContext }} opensTab look="primary">
          {view.t('demo.card.launch', { label })}
        </PostButton>
      ))}
    </>
  );
}

function CardView({ card, place, patient, view }: { card: Card } & Omit<CardsProps, 'result'>) {
  const { t } = view;
  return (
    <article class="card">
      <p class="source">{t('demo.card.source', { name: card.source.label })}</p>
      <h3>{card.summary}</h3>
      <CardLinks card={card} patient={patient} view={view} />
      <form method="post" action={`${chartPath(patient.id)}/cards`} class="override">
        <input type="hidden" name="place" value={place} />
        <input type="hidden" name="card" value={card.uuid} />
        <label for={`reason-${card.uuid}`}>{t('demo.card.override')}</label>
        <div class="row">
          <select id={`reason-${card.uuid}`} name="reason">
            {card.overrideReasons.map(({ code, display }) => (
              <option value={code}>{display}</option>
            ))}
          </select>
          <button type="submit">{t('demo.card.dismiss')}</button>
        </div>
      </form>
    </article>
  );
}

/** The cards that our server answered a hook with, and the call itself. */
export function Cards({ result, place, patient, view }: CardsProps) {
  const { t } = view;
  const { hook, cards, exchange } = result;
  return (
    <section>
      <h2>{t('demo.card.title')}</h2>
      <p class="quiet">{t('demo.card.when', { hook, ms: exchange.ms })}</p>
      {cards.length === 0 && <p class="panel">{t('demo.card.none')}</p>}
      {cards.map((card) => (
        <CardView card={card} place={place} patient={patient} view={view} />
      ))}
      <details>
        <summary>{t('demo.card.wire')}</summary>
        <Exchange exchange={exchange} view={view} />
      </details>
    </section>
  );
}
