import { bindingComplaints } from './fhir-bindings.js';
import { thin } from './fhir-definitions.js';
import { invariantComplaints } from './fhir-invariants.js';
import { profileComplaints } from './fhir-profiles.js';
import { fhirComplaints } from './fhir-schema.js';

/** All that may be held against a resource: R4's schema, invariants and required bindings, and our own profiles. */
export function resourceComplaints(resource: unknown): string[] {
  const ofSchema = fhirComplaints(resource);
  // A value that is no resource of R4 cannot be checked further.
  if (ofSchema.length > 0) return ofSchema;
  const some = thin(resource);
  return [...invariantComplaints(some), ...bindingComplaints(some), ...profileComplaints(some)];
}
