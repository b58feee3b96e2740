import { describeBy } from '../protocols/route-document.js';

/** Names the description of a page, the form posted to it or a file in resources/openapi/pages.yaml. */
export const describePage = describeBy('pages');
