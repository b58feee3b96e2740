interface Kept {
  readonly value: string;
  readonly path: string;
}

/** The last page that a visitor was shown. */
export interface Shown {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  readonly headers: Headers;
}

const MOST_REDIRECTS = 12;

/** A browser without a window: it follows redirects from server to server, and keeps cookies by their paths. */
export class Visitor {
  readonly #cookies = new Map<string, Kept>();
  /** `Set-Cookie` lines of our own pages and the EHR's, as they came. */
  readonly setCookies: string[] = [];

  #cookieHeader(url: URL): string {
    return [...this.#cookies]
      .filter(
        ([, { path }]) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .map(([key, { value }]) => `${key.split(' ')[0] ?? ''}=${value}`)
      .join('; ');
  }

  #keep(lines: readonly string[]): void {
    this.setCookies.push(...lines);
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const [name = '', ...value] = pair.split('=');
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      const isGone = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one));
      if (isGone) this.#cookies.delete(`${name} ${path}`);
      else this.#cookies.set(`${name} ${path}`, { value: value.join('='), path });
    }
  }

  /** Lets another visitor know nothing of this one, or all of it: what is stolen is a cookie. */
  forget(): void {
    this.#cookies.clear();
  }

  /** @param stopAt the address at which no redirect is followed any more */
  async open(address: string, options: RequestInit = {}, stopAt?: (url: string) => boolean): Promise<Shown> {
    let url = new URL(address);
    let how = options;
    for (let hops = 0; hops < MOST_REDIRECTS; hops += 1) {
      const headers = new Headers(how.headers);
      const cookie = this.#cookieHeader(url);
      if (cookie !== '') headers.set('Cookie', cookie);
      const answer = await fetch(url, { ...how, headers, redirect: 'manual' });
      this.#keep(answer.headers.getSetCookie());
      // A page that leads on at once does what a redirect does.
      const [, refresh = null] = /^0; url=(.+)$/.exec(answer.headers.get('refresh') ?? '') ?? [];
      const location = answer.headers.get('location') ?? refresh;
      const next = location === null ? undefined : new URL(location, url);
      if (!next || (answer.status < 300 && refresh === null) || stopAt?.(next.href)) {
        return {
          status: answer.status,
          url: next?.href ?? url.href,
          text: await answer.text(),
          headers: answer.headers,
        };
      }
      await answer.arrayBuffer();
      url = next;
      how = {};
    }
    throw new Error(`too many redirects, the last to ${url.href}`);
  }

  /** Posts a form as our own page does. */
  post(address: string, fields: readonly (readonly [string, string])[]): Promise<Shown> {
    const body = new URLSearchParams(fields.map(([name, value]) => [name, value]));
    return this.open(address, { method: 'POST', body, headers: { 'Sec-Fetch-Site': 'same-origin' } });
  }
}
