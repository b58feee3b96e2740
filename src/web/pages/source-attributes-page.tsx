import { readDataFile } from '../../core/read-data-file.js';
import type { Route } from '../../protocols/route.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { Fact } from '../parts/article-facts.js';
import { DataTable } from '../parts/data-table.js';
import { pageResponse } from '../parts/layout.js';
import { pageRoute, describePage } from './page-route.js';

export const SOURCE_ATTRIBUTES_PATH = '/source-attributes';

/** A source or a mapping with its attributes, in English. */
interface Attributed {
  readonly name: string;
  readonly kind: 'source' | 'mapping';
  /** Name of the file in mappings. */
  readonly file?: string;
  readonly madeBy: string;
  readonly method: string;
  readonly date: string;
  readonly checked: string;
  /** Rows by their origin. */
  readonly rows?: Readonly<Record<string, number>>;
  /** Readings: codes that were read, and those whose first page was wrong or missing. */
  readonly errors?: readonly { readonly codes: string; readonly read: number; readonly firstWrong: number }[];
}

export interface SourceAttributes {
  readonly generatedText: false;
  readonly statement: string;
  readonly origins: Readonly<Record<string, string>>;
  readonly entries: readonly Attributed[];
}

/** Reads the attributes that ship with the program. */
export const readSourceAttributes = (): SourceAttributes => readDataFile('source-attributes.yaml') as SourceAttributes;

function Entry({ entry, page }: { entry: Attributed; page: PageContext }) {
  const { t, language } = page;
  const numbers = new Intl.NumberFormat(language);
  const facts: readonly (readonly [string, string])[] = [
    [t('sourceAttributes.madeBy'), entry.madeBy],
    [t('sourceAttributes.method'), entry.method],
    [t('sourceAttributes.date'), entry.date],
    [t('sourceAttributes.checked'), entry.checked],
  ];
  const rows = Object.entries(entry.rows ?? {});
  const { errors = [] } = entry;
  return (
    <section>
      <h2 lang="en">{entry.name}</h2>
      <dl class="facts">
        {facts.map(([term, text]) => (
          <Fact term={term} language="en">
            {text}
          </Fact>
        ))}
        {rows.length === 0 ? null : (
          <Fact term={t('sourceAttributes.rows')} language="en">
            {rows.map(([origin, count]) => `${origin}: ${numbers.format(count)}`).join(', ')}
          </Fact>
        )}
      </dl>
      {entry.kind === 'mapping' && errors.length === 0 ? <p>{t('sourceAttributes.noRate')}</p> : null}
      {errors.length === 0 ? null : (
        <DataTable
          caption={t('sourceAttributes.errors', { name: entry.name })}
          heads={[t('sourceAttributes.codes'), t('sourceAttributes.read'), t('sourceAttributes.wrong')]}
          rows={errors.map(({ codes, read, firstWrong }) => [<span lang="en">{codes}</span>, read, firstWrong])}
        />
      )}
    </section>
  );
}

/** `/source-attributes`: who made each source and mapping, how, when, how it was checked, with known error rates; the same as JSON. */
export function sourceAttributesRoutes(options: PageOptions): Route[] {
  const attributes = readSourceAttributes();
  const body = JSON.stringify(attributes);
  return [
    pageRoute(options, {
      path: SOURCE_ATTRIBUTES_PATH,
      get: async (request) => {
        const page = createPageContext(options, request, { path: SOURCE_ATTRIBUTES_PATH });
        const { t } = page;
        const main = (
          <>
            <h1>{t('sourceAttributes.title')}</h1>
            <p>
              <strong>{t('sourceAttributes.notGenerated')}</strong>
            </p>
            {page.language === 'en' ? null : <p class="hint">{t('sourceAttributes.inEnglish')}</p>}
            <p>
              <a href={`${page.basePath}${SOURCE_ATTRIBUTES_PATH}.json`} hreflang="en">
                JSON
              </a>
            </p>
            <h2>{t('sourceAttributes.origins')}</h2>
            <dl class="facts" lang="en">
              {Object.entries(attributes.origins).map(([origin, meaning]) => (
                <Fact term={origin}>{meaning}</Fact>
              ))}
            </dl>
            {attributes.entries.map((entry) => (
              <Entry entry={entry} page={page} />
            ))}
          </>
        );
        const document = { title: t('sourceAttributes.title'), main, searched: '' };
        return pageResponse(page, document, { facts: { outcome: 'ok' } });
      },
      cacheable: cacheableWith(),
      document: describePage('sourceAttributes'),
    }),
    pageRoute(options, {
      path: `${SOURCE_ATTRIBUTES_PATH}.json`,
      get: async () => ({ status: 200, contentType: 'application/json', body, facts: { outcome: 'ok' } }),
      cacheable: cacheableWith(),
      document: describePage('sourceAttributesJson'),
    }),
  ];
}
