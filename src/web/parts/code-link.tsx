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
