import type { ComponentChildren } from 'preact';
import type { Language } from '../../core/model/language.js';

/** Stands in a text of ours where an element comes: no text that is typed holds it. */
export const PLACE = '\u0000';

/** A text of ours with an element at its `PLACE`: a link, or words of another language. */
export function Phrase({ text, children }: { text: string; children: ComponentChildren }) {
  const at = text.lastIndexOf(PLACE);
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      {children}
      {text.slice(at + PLACE.length)}
    </>
  );
}

interface AboutProps {
  readonly title: string;
  readonly language: Language | undefined;
  /** Further words for those who hear the control, before it is used. */
  readonly note?: string | undefined;
}

/**
 * Subject of a control, for those who hear it and do not see the text beside it. In brackets: browsers put a blank
 * before words that are positioned out of the line, and none belongs before a colon.
 */
export function About({ title, language, note }: AboutProps) {
  return (
    <span class="unseen">
      {' '}
      (<span lang={language}>{title}</span>
      {note === undefined ? null : `, ${note}`})
    </span>
  );
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
