import type { Coding } from '../../core/codes/concept.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import type { PageContext } from '../page-context.js';
import { namedCode } from './article-facts.js';

/** The path of a code's page. */
export const buildCodePath = ({ system, code }: Coding): string => `/code/${system}/${encodeURIComponent(code)}`;

interface CodeLinkProps {
  readonly coding: Coding;
  /** As its system has it, in English. */
  readonly title?: string | undefined;
  /** The system's label stands before the code. */
  readonly hasLabel?: boolean;
  readonly page: PageContext;
}

/** A code as a link to its page. */
export function CodeLink({ coding, title = '', hasLabel = false, page }: CodeLinkProps) {
  const { system, code } = coding;
  return (
    <a href={page.href(buildCodePath(coding))}>
      <span class="code">{hasLabel ? namedCode(system, code) : displayCode(system, code)}</span>{' '}
      <span lang="en">{title}</span>
    </a>
  );
}

interface CodeSectionProps extends Pick<CodeLinkProps, 'hasLabel' | 'page'> {
  readonly id: string;
  readonly head: string;
  readonly codings: readonly (Coding & { readonly title?: string })[];
}

/** Codes below a heading; nothing where there are none. */
export function CodeSection({ id, head, codings, hasLabel = false, page }: CodeSectionProps) {
  if (codings.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{head}</h2>
      <ul class="codes">
        {codings.map((coding) => (
          <li>
            <CodeLink coding={coding} title={coding.title} hasLabel={hasLabel} page={page} />
          </li>
        ))}
      </ul>
    </section>
  );
}
