import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Miss } from '../../core/answer/knowledge-response.js';
import { missText } from '../../protocols/chart-texts.js';
import type { PageContext } from '../page-context.js';

interface MissReasonProps {
  readonly miss: Miss;
  readonly system: CodeSystemId | undefined;
  readonly page: PageContext;
}

/** Why nothing was found. Curators write their notes in English, whatever the page's language. */
export function MissReason({ miss, system, page: { t } }: MissReasonProps) {
  const { note } = miss;
  return (
    <>
      {missText({ ...miss, note: '' }, system, t)}
      {note === '' ? null : (
        <>
          {' '}
          (<span lang="en">{note.replace(/\.$/, '')}</span>)
        </>
      )}
    </>
  );
}
