import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_ID, type DemoAddresses } from './authorization.js';
import { EHR_PATH } from './view.js';

/** The only address that the demo listens on. */
export const DEMO_HOST = '127.0.0.1';

/** Lists the addresses of a demo on a port. */
export function listAddresses(port: number): DemoAddresses {
  const ours = `http://${DEMO_HOST}:${port}`;
  return { ours, iss: `${ours}${EHR_PATH}/fhir`, oauth: `${ours}${EHR_PATH}/oauth` };
}

/**
 * Writes the settings of the demo's server, its EHR's entry among them, with all its files in one folder. The environment has no part
 * in them: a demo is the same everywhere, and calls nothing outside.
 * @param siteName the hospital's name, on every page and handout of ours
 * @param resourcesDir the folder with the demo's departments
 */
export function writeSettings(
  folder: string,
  port: number,
  siteName: string,
  resourcesDir: string,
): Readonly<Record<string, string>> {
  const { ours, iss } = listAddresses(port);
  const read = ['AllergyIntolerance', 'ServiceRequest'];
  const ehr = { iss, name: 'Sample EHR', clientId: CLIENT_ID, authentication: 'none', read, writeBack: 'auto' };
  const ehrsFile = join(folder, 'ehrs.json');
  writeFileSync(ehrsFile, JSON.stringify({ ehrs: [ehr] }));
  return {
    HOST: DEMO_HOST,
    PORT: String(port),
    PUBLIC_URL: ours,
    SITE_NAME: siteName,
    LIBRARY_PATH: join(folder, 'library.db'),
    EHRS_FILE: ehrsFile,
    DEPARTMENTS_FILE: join(resourcesDir, 'demo/departments.yaml'),
    CDS_HOOKS: 'encounter-discharge,order-sign,order-select',
    CDS_FHIR_SERVERS: iss,
    HANDED_OVER_OWNER: siteName,
    HANDED_OVER_RETENTION_DAYS: '3650',
    TIME_ZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
    LOG_LEVEL: 'warn',
    WORKERS: '1',
  };
}
