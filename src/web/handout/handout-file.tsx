import { renderToString } from 'preact-render-to-string';
import type { Handout } from '../../handout/handout.js';
import type { PageOptions } from '../page-context.js';
import { Paper } from './handout-paper.js';

/** Holds in a file that was saved too: nothing is fetched, no script runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** The hospital's logo as a data URL. */
function embedLogo({ siteLogo: logo }: Pick<PageOptions, 'siteLogo'>): string | undefined {
  return logo && `data:${logo.contentType};base64,${logo.bytes.toString('base64')}`;
}

/**
 * Renders a handout as one HTML file with its style, logo and codes in it: it is read, searched and printed without a network. Room for
 * a label of paper is left out.
 */
export function renderHandoutFile(
  handout: Handout,
  { assets, siteLogo }: Pick<PageOptions, 'assets' | 'siteLogo'>,
): string {
  const [{ language, heading }] = handout.words;
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={POLICY} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="format-detection" content="telephone=no" />
        <title>{[heading, handout.siteName].filter(Boolean).join(' · ')}</title>
        <style dangerouslySetInnerHTML={{ __html: assets.get('page.css')?.content ?? '' }} />
      </head>
      <body>
        <main class="wrap">
          <Paper handout={{ ...handout, label: undefined }} logo={embedLogo({ siteLogo })} />
        </main>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${renderToString(page)}`;
}
