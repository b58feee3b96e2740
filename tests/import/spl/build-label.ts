/** LOINC codes of a Medication Guide, and of a section for prescribers. */
export const PATIENT = '42231-1';
export const PRESCRIBER = '34067-9';

/** A section with its narrative, and further sections or pictures in it. */
export const section = (code: string, title: string, text: string, inner = ''): string =>
  `<component><section><id root="1"/><code code="${code}" codeSystem="2.16.840.1.113883.6.1"/>` +
  `${title === '' ? '' : `<title>${title}</title>`}
  <text>${text}</text><effectiveTime value="20220101"/>${inner}</section></component>`;

export interface LabelParts {
  readonly setId?: string;
  readonly version?: number;
  readonly day?: string;
  readonly maker?: string;
  readonly name?: string;
  readonly generic?: string;
  readonly form?: string;
  readonly route?: string;
  readonly ndcs?: readonly string[];
  readonly ingredients?: readonly (readonly [substance: string, moiety: string])[];
  readonly approval?: string;
  readonly status?: string;
  readonly acts?: string;
  readonly equivalent?: string;
  readonly sections?: string;
}

const buildIngredient = (kind: string, substance: string, moiety: string): string =>
  `<ingredient classCode="${kind}"><ingredientSubstance><name>${substance}</name>
   <activeMoiety><activeMoiety><name>${moiety}</name></activeMoiety></activeMoiety></ingredientSubstance></ingredient>`;

const buildPackage = (ndc: string): string =>
  `<asContent><containerPackagedProduct><code code="${ndc}" codeSystem="2.16.840.1.113883.6.69"/>
   <formCode displayName="BOTTLE"/></containerPackagedProduct>
   <subjectOf><marketingAct><statusCode code="completed"/><effectiveTime><high value="20200101"/></effectiveTime></marketingAct></subjectOf></asContent>`;

/** A label in the structure of Structured Product Labeling, without words of medicine. */
export function buildLabel({
  setId = '01234567-89AB-cdef-0123-456789abcdef',
  version = 3,
  day = '20220321',
  maker = 'Lorem Laboratories &amp; Co.',
  name = 'Loremol',
  generic = 'ipsumide sodium',
  form = 'TABLET, FILM COATED',
  route = 'ORAL',
  ndcs = ['0093-1234-01'],
  ingredients = [['IPSUMIDE SODIUM', 'IPSUMIDE']],
  approval = 'ANDA',
  status = 'active',
  acts = '',
  equivalent = '',
  sections = '',
}: LabelParts): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3"><id root="99999999-89ab-cdef-0123-456789abcdef"/>
<code code="34391-3" displayName="HUMAN PRESCRIPTION DRUG LABEL"/><title>Titulus <br/>totus</title>
<effectiveTime value="${day}"/><setId root="${setId}"/><versionNumber value="${String(version)}"/>
<author><assignedEntity><representedOrganization><id root="1"/><name>${maker}</name>
<assignedEntity><assignedOrganization><assignedEntity><assignedOrganization><name>Other</name></assignedOrganization>
${acts}</assignedEntity></assignedOrganization></assignedEntity></representedOrganization></assignedEntity></author>
<component><structuredBody><component><section><code code="48780-1"/><subject><manufacturedProduct>
<manufacturedProduct><code code="0093-1234" codeSystem="2.16.840.1.113883.6.69"/><name>${name}</name><formCode displayName="${form}"/>
${equivalent}<asEntityWithGeneric><genericMedicine><name>${generic}</name></genericMedicine></asEntityWithGeneric>
${ingredients.map(([substance, moiety]) => buildIngredient('ACTIB', substance, moiety)).join('')}
${buildIngredient('IACT', 'STARCH', 'STARCH')}${ndcs.map(buildPackage).join('')}</manufacturedProduct>
<subjectOf><approval><code displayName="${approval}"/></approval></subjectOf>
<subjectOf><marketingAct><statusCode code="${status}"/><effectiveTime><low value="20190101"/></effectiveTime></marketingAct></subjectOf>
<consumedIn><substanceAdministration><routeCode displayName="${route}"/></substanceAdministration></consumedIn>
</manufacturedProduct></subject></section></component>${sections}</structuredBody></component></document>`;
}
