import { handoutName } from '../core/model/article.js';

/** An article's address; a site's handouts are served by us. */
export function absoluteUrl(url: string, baseUrl: string): string {
  return handoutName(url) === undefined ? url : `${baseUrl}/${url}`;
}
