import type { ComponentChildren } from 'preact';
import type { Language } from '../../core/model/language.js';
import type { Translate } from '../../texts.js';
import type { PageContext } from '../page-context.js';

interface TickProps {
  readonly id: string;
  readonly name: string;
  readonly value?: string;
  readonly checked: boolean;
  readonly language?: Language;
  readonly children: ComponentChildren;
}

/** A box to tick, with its words. */
export function Tick({ id, name, value = 'true', checked, language, children }: TickProps) {
  return (
    <p class="choice-line">
      <input type="checkbox" id={id} name={name} value={value} checked={checked} />
      <label for={id} lang={language}>
        {children}
      </label>
    </p>
  );
}

interface SelectProps {
  /** Its id, and its name. */
  readonly id: string;
  readonly label: string;
  /** Values with their words. */
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly chosen: string;
  /** Further attributes. */
  readonly attributes?: object;
}

/** A list to choose one of, with its label. */
export function Select({ id, label, options, chosen, attributes }: SelectProps) {
  return (
    <p>
      <label for={id}>{label}</label>
      <select id={id} name={id} {...attributes}>
        {options.map(([value, words]) => (
          <option value={value} selected={value !== '' && value === chosen}>
            {words}
          </option>
        ))}
      </select>
    </p>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly type?: string;
  readonly most?: number;
}

/** A line to fill in, with its label. */
export function Field({ name, label, value = '', type = 'text', most = 200 }: FieldProps) {
  return (
    <p>
      <label for={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        value={value}
        maxLength={type === 'date' ? undefined : most}
        autocomplete="off"
      />
    </p>
  );
}

interface PostButtonProps {
  /** Below `basePath`. */
  readonly path: string;
  readonly label: string;
  readonly look?: string;
  readonly page: PageContext;
}

/** A button that posts only the fact that it was pressed. */
export function PostButton({ path, label, look, page: { basePath, language } }: PostButtonProps) {
  return (
    <form class={look} action={`${basePath}${path}`} method="post">
      <input type="hidden" name="lang" value={language} />
      <button type="submit" class="action">
        {label}
      </button>
    </form>
  );
}

/** A sentence to paste into a chart, with the button that copies it. */
export function ToCopy({ sentence, t }: { sentence: string; t: Translate }) {
  return (
    <>
      <p class="given-sentence">{sentence}</p>
      <button type="button" class="action with-script" data-copy={sentence} data-copied={t('page.copied')}>
        <span>{t('given.copy')}</span>
      </button>
    </>
  );
}
