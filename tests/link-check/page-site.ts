import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A site on this machine, with a page for everything that can become of a page. */
export interface PageSite {
  /** Without a slash at its end. */
  readonly url: string;
  /** Method and path of each request, in their order, and who asked. */
  readonly requests: { readonly line: string; readonly userAgent: string }[];
  readonly stop: () => Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const htmlPage = (title: string, heading = title): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1 class="x">${heading}</h1><p>Text</p></body></html>`;

const html =
  (body: string, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(body);
  };

const redirect =
  (location: string, status = 301): Answer =>
  (_request, response) => {
    response.writeHead(status, { Location: location }).end();
  };

/** Refuses HEAD as some sites do; what GET brings is told by `answer`. */
const refusingHead =
  (status: number, answer: Answer): Answer =>
  (request, response) => {
    if (request.method === 'HEAD') response.writeHead(status).end();
    else answer(request, response);
  };

const HUGE_CHUNK = Buffer.alloc(65_536, 'x');

/** A page that never ends, for as long as somebody reads. */
const endless: Answer = (request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.write('<title>Huge page</title>');
  const more = (): void => {
    while (!response.destroyed && response.write(HUGE_CHUNK));
  };
  response.on('drain', more);
  more();
};

const PAGES: Readonly<Record<string, Answer>> = {
  '/': html(htmlPage('Home')),
  '/ok.html': html(htmlPage('Asthma')),
  '/handout.pdf': (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/pdf' }).end('%PDF-1.4');
  },
  '/head-403.html': refusingHead(403, html(htmlPage('Diabetes'))),
  '/head-405.html': refusingHead(405, html(htmlPage('Diabetes'))),
  '/head-404.html': refusingHead(404, html(htmlPage('Diabetes'))),
  '/refused.html': html(htmlPage('Forbidden'), 403),
  '/gone.html': html(htmlPage('Gone'), 410),
  '/missing.html': html(htmlPage('Missing'), 404),
  '/broken.html': html(htmlPage('Broken'), 500),
  '/soft.html': html(htmlPage('Example Health', 'Page Not Found')),
  '/soft-gzip.html': (_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' })
      .end(gzipSync(htmlPage('P&aacute;gina no encontrada')));
  },
  '/ok-gzip.html': (_request, response) => {
    response
      .writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' })
      .end(gzipSync(htmlPage('Asma')));
  },
  '/no-gzip.html': (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' }).end('<p>This is no gzip</p>');
  },
  // Its head comes before its body: some readers then wait for the body's end without end.
  '/no-gzip-late.html': (request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'gzip' }).flushHeaders();
    setTimeout(() => response.end('no gzip'), request.method === 'HEAD' ? 0 : 80);
  },
  '/empty.html': html(' \n'),
  '/moved.html': redirect('/ok.html'),
  '/moved-twice.html': redirect('moved.html', 302),
  '/moved-home.html': redirect('/', 302),
  '/moved-to-gone.html': redirect('/gone.html'),
  '/moved-abroad.html': redirect('http://elsewhere.invalid/page.html'),
  '/moved-to-script.html': redirect('javascript:alert(1)'),
  '/loop-a.html': redirect('/loop-b.html'),
  '/loop-b.html': redirect('/loop-a.html'),
  '/no-location.html': (_request, response) => {
    response.writeHead(302).end();
  },
  '/slow.html': () => undefined,
  '/slow-body.html': (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).write('<title>Slow');
  },
  '/cut.html': (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': '5000' }).write('<title>Cut');
    setTimeout(() => response.destroy(), 20);
  },
  '/huge.html': endless,
};

/** Starts the site on a free port. */
export async function startSite(): Promise<PageSite> {
  const requests: PageSite['requests'] = [];
  // Each site is busy anew: whoever asks it the first time is told to wait, whoever asks a busy one, always.
  const asked = new Set<string>();
  const busy = (url: string): Answer | undefined => {
    const [, status, when] = /^\/busy-(\d+)-(\w+)\.html$/.exec(url) ?? [];
    if (status === undefined || when === undefined) return undefined;
    if (when === 'once' && asked.has(url)) return html(htmlPage('Asthma'));
    asked.add(url);
    const date = new Date();
    const soon = when === 'dated' ? new Date(date.getTime() + 30_000).toUTCString() : when === 'long' ? '86400' : '30';
    return (_request, response) => {
      response.writeHead(Number(status), { Date: date.toUTCString(), 'Retry-After': soon }).end();
    };
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ line: `${method} ${url}`, userAgent: headers['user-agent'] ?? '' });
    (busy(url) ?? PAGES[url] ?? html(htmlPage('Nowhere'), 404))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
