import type { RequestListener, Server } from 'node:http';
import type { DemoAddresses } from './authorization.js';
import { EHR_PATH } from './view.js';

const isOfEhr = (address: string): boolean =>
  address.startsWith(EHR_PATH) && ['', '/', '?'].includes(address.charAt(EHR_PATH.length));

/**
 * Creates the listener of the demo's port: the EHR answers below its path, our server all else, as it does without a demo. Another name
 * of this machine leads to the one address that cookies and the launch are for; any other name is rejected (DNS rebinding).
 */
export function createFront(ehr: RequestListener, server: Server, { ours }: DemoAddresses): RequestListener {
  const { host, port } = new URL(ours);
  return (request, response) => {
    const { url = '/', method, headers } = request;
    if (headers.host === `localhost:${port}` && method === 'GET' && url.startsWith('/')) {
      response.writeHead(307, { Location: ours + url }).end();
    } else if (!isOfEhr(url)) {
      server.emit('request', request, response);
    } else if (headers.host === host) {
      ehr(request, response);
    } else response.writeHead(421, { 'Content-Type': 'text/plain' }).end(`This demo is at ${ours}${EHR_PATH}\n`);
  };
}
