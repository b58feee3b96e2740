import { describeBy } from '../../protocols/route-document.js';

/** Names the description of an address of signing in, in resources/openapi/sign-in.yaml. */
export const describeSignIn = describeBy('sign-in');
