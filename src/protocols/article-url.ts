/** An article's address; a site's handouts are served by us. */
export function absoluteUrl(url: string, baseUrl: string): string {
  return url.startsWith('handouts/') ? `${baseUrl}/${url}` : url;
}
