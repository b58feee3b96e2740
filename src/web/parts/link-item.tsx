import type { ComponentChildren } from 'preact';

interface LinkItemProps {
  readonly href: string;
  /** Language of its words, if it differs from the page's. */
  readonly lang?: string | undefined;
  /** It leads to what is shown already. */
  readonly isCurrent?: boolean;
  readonly children: ComponentChildren;
}

/** A link as an item of a list. */
export function LinkItem({ href, lang, isCurrent = false, children }: LinkItemProps) {
  return (
    <li>
      <a href={href} lang={lang} aria-current={isCurrent ? 'true' : undefined}>
        {children}
      </a>
    </li>
  );
}
