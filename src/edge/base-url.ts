import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import type { Config } from '../config/config.js';
import { hostInAddress, isEveryAddress } from '../config/host-names.js';
import { isForHost, requestedHost } from './read-request.js';

/** Returns the address by which a request's client reaches us, without a slash at its end. */
export type BaseUrl = (request: IncomingMessage) => string;

/** A name, an IPv4 address or a bracketed IPv6 address, and perhaps a port: what can stand in a link as it is. */
const HOST = /^(?:[a-z\d](?:[a-z\d._-]{0,252})|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Whether a link to a host can be written and read: the number of a port has an end, too. */
const isHost = (host: string): boolean => HOST.test(host) && URL.canParse(`http://${host}`);

/** Returns an address that reaches a server from its own machine. */
export function localAddress(host: string, port: number): string {
  const reached = isEveryAddress(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host;
  return `http://${hostInAddress(reached)}:${port}`;
}

/** The address that a connection was accepted at, whatever its client sends. */
function connectedAddress({ socket }: IncomingMessage): string {
  const { localAddress: address = '127.0.0.1', localPort = 0 } = socket;
  return `http://${hostInAddress(address.replace(/^::ffff:(?=\d+\.)/, ''))}:${localPort}`;
}

/**
 * Returns the address by which clients reach us: `PUBLIC_URL`, else the address that is listened on. Where that is
 * every address, it is the one that the request names, if it is well-formed and allowed (`X-Forwarded-Proto` of a
 * trusted proxy decides its scheme), else the one that the connection came to.
 * @param port the port that is listened on; called with the first request
 */
export function createBaseUrl(
  { publicUrl, host, hostNames, trustedProxies }: Pick<Config, 'publicUrl' | 'host' | 'hostNames' | 'trustedProxies'>,
  port: () => number,
): BaseUrl {
  if (publicUrl !== undefined) return () => publicUrl;
  if (!isEveryAddress(host)) {
    let listeningOn: string | undefined;
    return () => (listeningOn ??= `http://${hostInAddress(host)}:${port()}`);
  }
  const isTrusted = proxyAddress.compile([...trustedProxies]);
  const findScheme = ({ socket, headers }: IncomingMessage): string => {
    // Of several, the first is the client's.
    const isSecure = /^https *(?:,|$)/i.test(String(headers['x-forwarded-proto'] ?? ''));
    return isSecure && isTrusted(socket.remoteAddress ?? '', 0) ? 'https' : 'http';
  };
  return (request) => {
    const named = requestedHost(request);
    const isUsable = named !== undefined && isHost(named) && (!hostNames || isForHost(request, hostNames));
    return isUsable ? `${findScheme(request)}://${named.toLowerCase()}` : connectedAddress(request);
  };
}
