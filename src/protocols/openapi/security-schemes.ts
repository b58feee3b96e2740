import { findArea, isForBrowsers, type ReadArea } from '../read-areas.js';
import { BEARER, type ApiFacts } from './document.js';

/** What is known of who may do what. */
interface Authorization {
  readonly closed: ReadonlySet<ReadArea>;
  readonly jwt: { readonly issuer: string } | undefined;
}

const PASSWORD = 'password';
const CDS_CLIENT = 'cdsClient';

/**
 * How clients show who they are, in OpenAPI's words: bearer tokens, the same as a password where people read in browsers, and the
 * JWTs of CDS clients.
 * @param authorization undefined: everyone reads, and nothing is written
 */
export function securityFacts(
  authorization: Authorization | undefined,
  hasCdsClients: boolean,
): Pick<ApiFacts, 'schemes' | 'issued' | 'readSchemes'> {
  const { closed = new Set<ReadArea>(), jwt } = authorization ?? {};
  return {
    schemes: [
      ...(authorization ? [BEARER] : []),
      ...([...closed].some(isForBrowsers) ? [PASSWORD] : []),
      ...(hasCdsClients ? [CDS_CLIENT] : []),
    ],
    issued: jwt ? `JWTs of ${jwt.issuer} with SMART scopes, or tokens of the site.` : 'Tokens of the site.',
    readSchemes: (route) => {
      if (hasCdsClients && route.isForCdsClients) return [CDS_CLIENT];
      if (route.isByRight) return [BEARER];
      const area = findArea(route);
      if (!area || !closed.has(area)) return [];
      return isForBrowsers(area) ? [BEARER, PASSWORD] : [BEARER];
    },
  };
}
