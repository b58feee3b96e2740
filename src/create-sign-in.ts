import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import type { ProviderClient } from './upstream/sign-in/provider-client.js';
import { People } from './web/sign-in/people.js';
import type { SignInParts } from './web/sign-in/sign-in-routes.js';

/** Creates the parts of signing in; undefined where the site has none. @param log gets the reasons of failed sign-ins */
export function createSignIn(
  { signIn, launchKey, version }: Config,
  clock: () => Date,
  log: Pick<Logger, 'warn'>,
): SignInParts | undefined {
  if (!signIn) return undefined;
  const { provider } = signIn;
  let client: ProviderClient | undefined;
  return {
    people: new People(signIn, launchKey, clock),
    provider:
      provider &&
      (async () => {
        const { ProviderClient: Client } = await import('./upstream/sign-in/provider-client.js');
        return (client ??= new Client(`EducationConnect/${version}`, provider, launchKey));
      }),
    logFailure: ({ reason, detail }) => {
      log.warn({ reason, detail }, 'sign-in failed');
    },
  };
}
