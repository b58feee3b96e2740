import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Miss } from '../../core/answer/knowledge-response.js';
import { missText } from '../../protocols/chart-texts.js';
import type { PageContext } from '../page-context.js';

interface MissReasonProps {
  readonly miss: Miss;
  readonly system: CodeSystemId | undefined;
  readonly page: PageContext;
}

/** A curator's note: in English, whatever the page's language. */
export function CuratorNote({ note }: { note: string }) {
  if (note === '') return null;
  return (
    <>
      {' '}
      (<span lang="en">{note.replace(/\.$/, '')}</span>)
    </>
  );
}

/** Why nothing was found. */
export function MissReason({ miss, system, page: { t } }: MissReasonProps) {
  return (
    <>
      {missText({ ...miss, note: '' }, system, t)}
      <CuratorNote note={miss.note} />
    </>
  );
}
