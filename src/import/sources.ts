import { csv } from './csv.js';
import { cvx } from './cvx.js';
import { drugLabels } from './drug-labels.js';
import { fhir } from './fhir.js';
import { icd10cm } from './icd-10-cm.js';
import { icd9cm } from './icd-9-cm.js';
import type { ImportSource } from './import-source.js';
import { loinc } from './loinc.js';
import { medlineplus } from './medlineplus.js';
import { medlineplusGenetics } from './medlineplus-genetics.js';
import { ndc } from './ndc.js';
import { rxnorm } from './rxnorm.js';
import { snomedCt } from './snomed-ct.js';
import { vis } from './vis.js';

/** Every importer, by its name on the command line. */
export const IMPORT_SOURCES: readonly ImportSource[] = [
  medlineplus,
  medlineplusGenetics,
  icd10cm,
  icd9cm,
  loinc,
  snomedCt,
  rxnorm,
  ndc,
  cvx,
  vis,
  drugLabels,
  fhir,
  csv,
];

export const findImportSource = (name: string): ImportSource | undefined =>
  IMPORT_SOURCES.find((source) => source.name === name);
