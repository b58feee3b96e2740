/** `node --import` of this lets a process run the sources. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
