import { readDescriptions } from '../../protocols/read-description.js';

/** Describes an address of signing in, by its name in resources/openapi/sign-in.yaml. */
export const describeSignIn = readDescriptions('sign-in');
