import type { ReadArea } from '../read-areas.js';
import { findArea, isForBrowsers } from '../read-areas.js';
import type { ApiFacts } from './document.js';
import { BEARER } from './document.js';

/** What is known of who may do what; undefined: everyone reads, and nothing is written. */
type Authorization =
  | {
      readonly closed: ReadonlySet<ReadArea>;
      readonly jwt: { readonly issuer: string } | undefined;
    }
  | undefined;

const PASSWORD = 'password';
const CDS_CLIENT = 'cdsClient';

/**
 * How clients show who they are, in OpenAPI's words: bearer tokens, the same as a password where people read in browsers, and the
 * JWTs of CDS clients.
 */
export function securityFacts(
  authorization: Authorization,
  hasCdsClients: boolean,
): Pick<ApiFacts, 'securitySchemes' | 'readSchemes'> {
  const { closed = new Set<ReadArea>(), jwt } = authorization ?? {};
  const issued = jwt ? `JWTs of ${jwt.issuer} with SMART scopes, or tokens of the site.` : 'Tokens of the site.';
  const bearer = { type: 'http', scheme: 'bearer', description: issued };
  const password = { type: 'http', scheme: 'basic', description: 'A token as the password, with any user name.' };
  const cdsClient = {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "A JWT of the EHR's for this address (CDS Hooks 2.0.1).",
  };
  return {
    securitySchemes: {
      ...(authorization ? { [BEARER]: bearer } : {}),
      ...([...closed].some(isForBrowsers) ? { [PASSWORD]: password } : {}),
      ...(hasCdsClients ? { [CDS_CLIENT]: cdsClient } : {}),
    },
    readSchemes: (route) => {
      if (hasCdsClients && route.isForCdsClients) return [CDS_CLIENT];
      if (route.isByRight) return [BEARER];
      const area = findArea(route);
      if (!area || !closed.has(area)) return [];
      return isForBrowsers(area) ? [BEARER, PASSWORD] : [BEARER];
    },
  };
}
