import type { Route } from '../../protocols/route.js';
import type { PageOptions } from '../page-context.js';
import { createErrorRenderer } from './error-page.js';
import { describeBy } from '../../protocols/route-document.js';

/** Names the description of a page, the form posted to it or a file in resources/openapi/pages.yaml. */
export const describePage = describeBy('pages');

/** The row of a page of ours: its errors are pages too. */
export const pageRoute = (
  options: PageOptions,
  route: Omit<Route, 'protocol' | 'headerKind' | 'renderError'> & Partial<Pick<Route, 'headerKind'>>,
): Route => ({ protocol: 'page', headerKind: 'page', renderError: createErrorRenderer(options), ...route });
