import type { ComponentChildren } from 'preact';
import { findCodeSystem } from '../../core/codes/code-systems.js';
import { normalizeCode } from '../../core/codes/normalize-code.js';
import { RequestError } from '../../core/errors.js';
import { escapeHtml } from '../../core/escape.js';
import type { NewHandout } from '../../core/keeping/desk.js';
import { isDay } from '../../core/keeping/keeper.js';
import { LANGUAGES, chooseLanguage } from '../../core/model/language.js';
import type { Coding } from '../../core/model/library.js';
import { LIMITS } from '../../limits.js';
import {
  wholeValue,
  type Handler,
  type Parameters,
  type RouteRequest,
  type RouteResponse,
} from '../../protocols/route.js';
import { findFormOrigin } from '../form-origin.js';
import { createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { Field, Select } from '../parts/fields.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { KEEPER_PATH, NEW_PATH, caseUrl, withoutForm, type Desk } from './keeper-paths.js';

/** Characters of a name that is made of a title. */
const MOST_NAME_CHARS = 40;

/** A fault of the form: the key of its words in resources/i18n under `keeper.faults`, and their values. */
interface FormFault {
  readonly key: 'title' | 'name' | 'code' | 'codes' | 'text' | 'day';
  readonly values: Readonly<Record<string, string | number>>;
}

/** Builds a name for addresses of a title: small letters without accents, digits and hyphens. */
const toName = (title: string): string =>
  title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MOST_NAME_CHARS)
    .replace(/^-|-$/g, '');

/** A tag that ends, or a line break: `<` alone may be a sign. */
const HTML = /<\/[a-z][a-z0-9]{0,9}>|<br ?\/?>/i;

/** Writes typed text as HTML: paragraphs are divided by blank lines, and lines that begin with a hyphen are a list. HTML stays as it is. */
function toHtml(text: string): string {
  if (HTML.test(text)) return text;
  const blocks = text.split(/\n[^\S\n]*\n/).map((block) => block.split('\n').map((line) => line.trim()));
  const parts = blocks.flatMap((block) => {
    const lines = block.filter((line) => line !== '');
    const isList = lines.length > 0 && lines.every((line) => line.startsWith('- '));
    if (isList) return `<ul>${lines.map((line) => `<li>${escapeHtml(line.slice(2).trim())}</li>`).join('')}</ul>`;
    return lines.length === 0 ? [] : `<p>${lines.map(escapeHtml).join('<br>')}</p>`;
  });
  return parts.join('\n');
}

/** Reads codes, one a line with its system before it: `ICD-10-CM J45.901`. */
function readCodes(text: string): readonly Coding[] | FormFault {
  const lines = text.split('\n').flatMap((line) => line.trim() || []);
  if (lines.length > LIMITS.maxCriteria) return { key: 'codes', values: { most: LIMITS.maxCriteria } };
  const codings: Coding[] = [];
  for (const line of lines) {
    const at = Math.max(line.lastIndexOf(' '), line.lastIndexOf('|'));
    const system = findCodeSystem(line.slice(0, Math.max(0, at)));
    const code = system && normalizeCode(system.id, line.slice(at + 1));
    if (!system || code === undefined) return { key: 'code', values: { line: line.slice(0, 100) } };
    codings.push({ system: system.id, code });
  }
  return codings;
}

/** Reads the form. */
function readNew(parameters: Parameters): NewHandout | FormFault {
  const field = (name: string): string | undefined => wholeValue(parameters, name) || undefined;
  const [title = '', text, url, nextReview] = [field('title'), field('text'), field('url'), field('nextReview')];
  if (title === '') return { key: 'title', values: {} };
  const name = (field('name') ?? toName(title)).toLowerCase();
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(name)) return { key: 'name', values: {} };
  if (text === undefined && url === undefined) return { key: 'text', values: {} };
  if (nextReview !== undefined && !isDay(nextReview)) return { key: 'day', values: {} };
  const codings = readCodes(wholeValue(parameters, 'codes').replaceAll('\r\n', '\n'));
  if ('key' in codings) return codings;
  const [owner, department, secondReader] = [field('owner'), field('department'), field('secondReader')];
  return {
    name,
    title,
    language: chooseLanguage(wholeValue(parameters, 'language')) ?? 'en',
    html: text === undefined ? undefined : toHtml(text.replaceAll('\r\n', '\n')),
    url,
    codings,
    entry: { owner, department, secondReader, nextReview },
    changeNote: field('changeNote'),
  };
}

function Area({ name, value, rows, label, children }: AreaProps) {
  return (
    <p>
      <label for={name}>{label}</label>
      <textarea id={name} name={name} rows={rows} aria-describedby={`${name}-hint`}>
        {`\n${value}`}
      </textarea>
      <span class="hint" id={`${name}-hint`}>
        {children}
      </span>
    </p>
  );
}

interface AreaProps {
  readonly name: string;
  readonly value: string;
  readonly rows: number;
  readonly label: string;
  readonly children: ComponentChildren;
}

interface NewProps {
  readonly parameters: Parameters;
  /** Words for what is wrong; undefined: nothing was sent. */
  readonly fault: string | undefined;
  readonly page: PageContext;
}

/** The form for a new handout, with what was typed. */
function NewMain({ parameters, fault, page }: NewProps) {
  const { t } = page;
  const typed = (name: string): string => wholeValue(parameters, name).replaceAll('\r\n', '\n');
  const languages = LANGUAGES.map((one) => [one, t(`languages.${one}`)] as const);
  return (
    <>
      <p class="kind above">
        <a href={page.href(KEEPER_PATH)}>{t('keeper.title')}</a>
      </p>
      <h1>{t('keeper.new')}</h1>
      <p class="lead">{t('keeper.newLead')}</p>
      {fault === undefined ? null : (
        <p class="notice notice-problem" role="alert">
          {fault}
        </p>
      )}
      <form class="keeper-form" action={`${page.basePath}${NEW_PATH}`} method="post">
        <input type="hidden" name="lang" value={page.language} />
        <fieldset class="fields">
          <legend>{t('keeper.new')}</legend>
          <Field name="title" label={t('keeper.handoutTitle')} value={typed('title')} most={300} />
          <Select id="language" label={t('keeper.language')} options={languages} chosen={typed('language')} />
          <Area name="text" value={typed('text')} rows={16} label={t('keeper.newText')}>
            {t('keeper.newTextHint')}
          </Area>
          <Field name="url" label={t('keeper.url')} value={typed('url')} most={2000} />
          <Area name="codes" value={typed('codes')} rows={4} label={t('keeper.codes')}>
            {t('keeper.codesHint')}
          </Area>
          <Field name="name" label={t('keeper.name')} value={typed('name')} most={60} />
          <Field name="owner" label={t('keeper.owner')} value={typed('owner')} />
          <Field name="department" label={t('keeper.department')} value={typed('department')} />
          <Field name="secondReader" label={t('keeper.secondReader')} value={typed('secondReader')} />
          <Field name="nextReview" label={t('keeper.nextReview')} value={typed('nextReview')} type="date" />
          <Field name="changeNote" label={t('keeper.changeNote')} value={typed('changeNote')} most={1000} />
        </fieldset>
        <button type="submit">{t('keeper.saveDraft')}</button>
      </form>
    </>
  );
}

function showNew(
  request: RouteRequest,
  options: PageOptions,
  fault?: { readonly key: string; readonly values: object; readonly status: number },
): RouteResponse {
  const page = createPageContext(options, withoutForm(request), { path: NEW_PATH });
  const { t } = page;
  const words = fault && t(fault.key, { ...fault.values });
  const parameters = request.method === 'POST' ? request.parameters : [];
  const main = <NewMain parameters={parameters} fault={words} page={page} />;
  const facts = { outcome: fault ? 'invalid-resource' : 'ok' } as const;
  const document = { title: t('keeper.new'), main, searched: '' };
  return pageResponse(page, document, { status: fault?.status ?? 200, facts, headers: NO_STORE });
}

/** Shows the form for a new handout. */
export const showNewHandler =
  (options: PageOptions): Handler =>
  async (request) =>
    showNew(request, options);

/** Writes the draft of a new handout; what cannot be saved is shown again with the reason. @throws RequestError `foreign-form` */
export const createHandler =
  (options: PageOptions, desk: Desk): Handler =>
  async (request) => {
    if (findFormOrigin(request) !== 'own') throw new RequestError('foreign-form');
    const { parameters, access, now, baseUrl } = request;
    const read = readNew(parameters);
    if ('key' in read) return showNew(request, options, { ...read, key: `keeper.faults.${read.key}`, status: 400 });
    try {
      const id = await desk.create(read, { access, now, baseUrl, inFlight: undefined });
      const type = 'DocumentReference';
      const facts = { outcome: 'created', audit: { resources: [`${type}/${id}`] } } as const;
      return { ...redirect(`${baseUrl}${caseUrl({ type, id })}`), facts };
    } catch (error) {
      if (!(error instanceof RequestError) || error.status >= 500) throw error;
      const { code, status, values } = error;
      const key = code === 'resource-exists' ? 'keeper.faults.exists' : `errors.${code}`;
      return showNew(request, options, { key, values: { ...values }, status });
    }
  };
