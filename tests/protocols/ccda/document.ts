/** Documents of C-CDA as tests make them: templates and codes as HL7's C-CDA R2.1 has them, patients who never were. */
const T = '2.16.840.1.113883.10.20.22.4.';
const SYSTEMS = {
  snomed: '2.16.840.1.113883.6.96',
  icd10: '2.16.840.1.113883.6.90',
  rxnorm: '2.16.840.1.113883.6.88',
  ndc: '2.16.840.1.113883.6.69',
  loinc: '2.16.840.1.113883.6.1',
  cvx: '2.16.840.1.113883.12.292',
  act: '2.16.840.1.113883.5.4',
} as const;

type System = keyof typeof SYSTEMS;
const cd = (element: string, code: string, system: System, inside = ''): string =>
  `<${element} xsi:type="CD" code="${code}" codeSystem="${SYSTEMS[system]}">${inside}</${element}>`;
const code = (value: string, system: System, inside = ''): string =>
  `<code code="${value}" codeSystem="${SYSTEMS[system]}">${inside}</code>`;
const status = (value: string): string => `<statusCode code="${value}"/>`;
const span = (low: string, high?: string): string =>
  `<effectiveTime><low value="${low}"/>${high === undefined ? '' : high === '' ? '<high nullFlavor="UNK"/>' : `<high value="${high}"/>`}</effectiveTime>`;
const template = (number: string): string => `<templateId root="${T}${number}"/>`;
const entry = (inside: string): string => `<entry>${inside}</entry>`;
const related = (inside: string): string => `<entryRelationship typeCode="SUBJ">${inside}</entryRelationship>`;

interface ProblemFacts {
  readonly value: string;
  readonly act?: string;
  readonly high?: string;
  readonly negated?: boolean;
  readonly ownStatus?: string;
}

export function problemObservation({ value, high, negated = false, ownStatus }: ProblemFacts): string {
  const own =
    ownStatus === undefined
      ? ''
      : related(
          `<observation>${template('6')}${code('33999-4', 'loinc')}${cd('value', ownStatus, 'snomed')}</observation>`,
        );
  return `<observation classCode="OBS" moodCode="EVN"${negated ? ' negationInd="true"' : ''}>${template('4')}
    ${code('55607006', 'snomed')}${status('completed')}${span('20250103', high)}${value}${own}</observation>`;
}

export const icd = (value: string, name = ''): string =>
  `<value xsi:type="CD" code="${value}" codeSystem="${SYSTEMS.icd10}" displayName="${name}"/>`;

export const problem = (facts: ProblemFacts): string =>
  entry(`<act classCode="ACT" moodCode="EVN">${template('3')}${code('CONC', 'act')}${status(facts.act ?? 'active')}
    ${related(problemObservation(facts))}</act>`);

interface DrugFacts {
  readonly material: string;
  readonly statusCode?: string;
  readonly mood?: string;
  readonly negated?: boolean;
  readonly time?: string;
  readonly template?: string;
}

export const substance = ({
  material,
  statusCode = 'active',
  mood = 'EVN',
  negated,
  time,
  template: id = '16',
}: DrugFacts) =>
  entry(`<substanceAdministration classCode="SBADM" moodCode="${mood}"${negated ? ' negationInd="true"' : ''}>${template(id)}
    ${status(statusCode)}${time ?? span('20250103')}<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="12" unit="h"/></effectiveTime>
    <consumable><manufacturedProduct><manufacturedMaterial>${material}</manufacturedMaterial></manufacturedProduct></consumable>
    </substanceAdministration>`);

export const drug = (rxcui: string, inside = ''): string => code(rxcui, 'rxnorm', inside);
export const vaccine = (value: string): string => code(value, 'cvx');

export const result = (loinc: string, value: string, statusCode = 'completed'): string =>
  entry(`<organizer classCode="BATTERY" moodCode="EVN">${template('1')}<code nullFlavor="NI"/>${status('completed')}
    <component><observation classCode="OBS" moodCode="EVN">${template('2')}${code(loinc, 'loinc')}${status(statusCode)}
    <effectiveTime value="20260110"/>${value}</observation></component></organizer>`);

export const vital = (loinc: string): string =>
  entry(`<organizer classCode="CLUSTER" moodCode="EVN">${template('26')}${status('completed')}
    <component><observation>${template('27')}${code(loinc, 'loinc')}${status('completed')}<effectiveTime value="20260110"/>
    <value xsi:type="PQ" value="1" unit="1"/></observation></component></organizer>`);

export const allergy = (kind: string, substanceCode: string, negated = false, act = 'active'): string =>
  entry(
    `<act>${template('30')}${code('CONC', 'act')}${status(act)}${related(`<observation${negated ? ' negationInd="true"' : ''}>
    ${template('7')}${code('ASSERTION', 'act')}${status('completed')}${span('2019')}${cd('value', kind, 'snomed')}
    <participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">${substanceCode}</playingEntity>
    </participantRole></participant></observation>`)}</act>`,
  );

export const procedure = (snomed: string, mood: string, statusCode: string, number: string): string =>
  entry(`<procedure classCode="PROC" moodCode="${mood}">${template(number)}${code(snomed, 'snomed')}${status(statusCode)}
    <effectiveTime value="20260110"/></procedure>`);

export const encounter = (value: string, diagnosis: string): string =>
  entry(`<encounter classCode="ENC" moodCode="EVN">${template('49')}<id root="1.2.3" extension="e1"/>
    <code code="99213" codeSystem="2.16.840.1.113883.6.12"><translation code="${value}" codeSystem="${SYSTEMS.act}"/></code>
    <effectiveTime value="20261123"/>${related(
      `<act>${template('80')}${code('29308-4', 'loinc')}${related(problemObservation({ value: diagnosis }))}</act>`,
    )}</encounter>`);

export const section = (loinc: string, inside: string, text = ''): string =>
  `<component><section><code code="${loinc}" codeSystem="${SYSTEMS.loinc}"/><title>Secretname</title><text>${text}</text>${inside}</section></component>`;

const PATIENT = `<patient><name><given>Secretname</given></name><administrativeGenderCode code="F"/>
  <birthTime value="19600504"/><languageCommunication><languageCode code="es"/><preferenceInd value="true"/></languageCommunication></patient>`;

interface DocumentParts {
  readonly sections?: readonly string[];
  readonly patient?: string;
  readonly header?: string;
}

/** A whole document. */
export const clinicalDocument = ({ sections = [], patient = PATIENT, header = '' }: DocumentParts): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="CDA.xsl"?>
<!-- A document of nobody. -->
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <recordTarget><patientRole><id root="1.2.3" extension="Secretid"/>${patient}</patientRole></recordTarget>
  ${header}<component><structuredBody>${sections.join('\n')}</structuredBody></component>
</ClinicalDocument>`;
