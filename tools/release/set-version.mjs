// npm version <new> --no-git-tag-version: npm writes package.json and package-lock.json, then runs this for all other files.
import { writeVersion } from './versions.mjs';

writeVersion();
