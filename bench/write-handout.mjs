/** A write of the drills: a handout of the site. */
import { ANSWER_MS } from './mixed-load.mjs';

export const TOKEN = 'a-token-of-the-drills-alone';

/** Writes a handout, a new version of it each time. @returns the status of the answer */
export async function writeHandout(url, version) {
  const reply = await fetch(`${url}/fhir/DocumentReference/local-soak-en`, {
    method: 'PUT',
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'DocumentReference',
      id: 'local-soak-en',
      status: 'current',
      type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
      content: [
        { attachment: { language: 'en', title: `Handout ${version}`, url: 'https://hospital.example/handout.pdf' } },
      ],
      context: { event: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J45.901' }] }] },
    }),
  });
  await reply.arrayBuffer();
  return reply.status;
}
