import type { ReadArea } from '../read-areas.js';
import { areaOf, isForBrowsers } from '../read-areas.js';
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

/** How clients show who they are, in OpenAPI's words: bearer tokens, and the same as a password where people read in browsers. */
export function securityFacts(authorization: Authorization): Pick<ApiFacts, 'securitySchemes' | 'readSchemes'> {
  if (!authorization) return { securitySchemes: {}, readSchemes: () => [] };
  const { closed, jwt } = authorization;
  const issued = jwt ? `JWTs of ${jwt.issuer} with SMART scopes, or tokens of the site.` : 'Tokens of the site.';
  const bearer = { type: 'http', scheme: 'bearer', description: issued };
  const password = { type: 'http', scheme: 'basic', description: 'A token as the password, with any user name.' };
  return {
    securitySchemes: { [BEARER]: bearer, ...([...closed].some(isForBrowsers) ? { [PASSWORD]: password } : {}) },
    readSchemes: (route) => {
      const area = areaOf(route);
      if (!area || !closed.has(area)) return [];
      return isForBrowsers(area) ? [BEARER, PASSWORD] : [BEARER];
    },
  };
}
