/** The part of oidc-provider that stands in for an EHR's authorization server: the package has no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  interface TokenContext {
    readonly oidc?: { readonly route?: string };
    body?: Record<string, unknown>;
    status: number;
  }
  export interface Interaction {
    readonly prompt: { readonly name: string };
    readonly params: Readonly<Record<string, string | undefined>>;
    readonly session?: { readonly accountId: string };
  }
  export default class Provider {
    constructor(issuer: string, configuration: object);
    readonly Grant: new (facts: { accountId: string; clientId: string }) => Grant;
    readonly AccessToken: { find(token: string): Promise<{ readonly isExpired: boolean } | undefined> };
    callback(): RequestListener;
    use(middleware: (context: TokenContext, next: () => Promise<void>) => Promise<void>): void;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
    on(event: string, listener: (context: unknown, error: Error) => void): void;
  }
}
