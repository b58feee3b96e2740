/**
 * Pages that say nothing more beside a nearer one of the same thing: its family, its forerunner, its symptom. Each line: the near
 * page, then what it makes noise. Topics are named without `topic-`.
 */
const LINES = `
diabetestype2: diabetes prediabetes hyperglycemia howtopreventdiabetes metabolicsyndrome bloodglucose
diabetestype1: diabetes hyperglycemia bloodglucose
diabetesinchildrenandteens: diabetes
diabetesandpregnancy: diabetes
ency-000896: diabetesandpregnancy diabetes prediabetes hyperglycemia bloodglucose
diabetickidneyproblems: diabetescomplications
diabeticnerveproblems: diabetescomplications peripheralnervedisorders
diabeticeyeproblems: diabetescomplications retinaldisorders
diabeticfoot: diabetescomplications
prediabetes: bloodglucose hyperglycemia
breastcancer: breastdiseases ency-003155 cancer mammography benigntumors
malebreastcancer: breastdiseases breastcancer ency-003155 cancer
lungcancer: lungdiseases cancer
colorectalcancer: colonicpolyps colonicdiseases cancer intestinalcancer
prostatecancer: prostatediseases enlargedprostatebph prostatecancerscreening cancer
cervicalcancer: cervixdisorders cervicalcancerscreening cancer
ovariancancer: ovariandisorders ovariancysts cancer
uterinecancer: uterinediseases cancer
bladdercancer: bladderdiseases cancer
kidneycancer: kidneydiseases cancer
livercancer: liverdiseases cancer
pancreaticcancer: pancreaticdiseases cancer
stomachcancer: stomachdisorders cancer
esophagealcancer: esophagusdisorders cancer
thyroidcancer: thyroiddiseases cancer ency-007265
skincancer: skinconditions moles cancer
melanoma: skincancer skinconditions moles cancer
oralcancer: mouthdisorders cancer
braintumors: braindiseases cancer
bonecancer: bonediseases cancer
testicularcancer: testiculardisorders cancer
leukemia: cancer blooddisorders
lymphoma: cancer lymphaticdiseases
acutelymphocyticleukemia: leukemia cancer
acutemyeloidleukemia: leukemia cancer
chroniclymphocyticleukemia: leukemia cancer
chronicmyeloidleukemia: leukemia cancer
hodgkinlymphoma: lymphoma cancer
multiplemyeloma: cancer bonemarrowdiseases
heartfailure: heartdiseases edema
heartattack: chestpain heartdiseases angina
coronaryarterydisease: heartdiseases atherosclerosis chestpain howtopreventheartdisease
angina: chestpain heartdiseases
atrialfibrillation: arrhythmia heartdiseases
suddencardiacarrest: heartdiseases
cardiomyopathy: heartdiseases
heartvalvediseases: heartdiseases
mitralvalveprolapse: heartvalvediseases heartdiseases
highbloodpressure: howtopreventhighbloodpressure vitalsigns test-measuring-blood-pressure
highbloodpressureinpregnancy: highbloodpressure
ency-000898: highbloodpressureinpregnancy highbloodpressure
peripheralarterialdisease: vasculardiseases atherosclerosis
deepveinthrombosis: bloodclots vasculardiseases
pulmonaryembolism: bloodclots deepveinthrombosis
ischemicstroke: stroke
hemorrhagicstroke: stroke
stroke: transientischemicattack
copd: lungdiseases breathingproblems test-pulse-oximetry
chronicbronchitis: copd bronchialdisorders lungdiseases
emphysema: copd lungdiseases
asthma: breathingproblems lungdiseases
asthmainchildren: asthma breathingproblems
pneumonia: lungdiseases cough fever respiratoryfailure breathingproblems
acutebronchitis: bronchialdisorders cough
flu: fever cough viralinfections
commoncold: cough sorethroat viralinfections
covid19coronavirusdisease2019: fever cough viralinfections covid19testing tasteandsmelldisorders breathingproblems sorethroat
sinusitis: headache
earinfections: fever
tonsillitis: fever sorethroat
infectiousmononucleosis: fever sorethroat
ency-000975: fever cough
encypi-000007: fever cough ency-000975
croup: fever cough
whoopingcough: cough
meningitis: fever headache
malaria: fever
chickenpox: fever rashes
measles: fever rashes
streptococcalinfections: sorethroat
ency-000639: sorethroat streptococcalinfections
sleepapnea: sleepdisorders snoring
ency-000811: sleepapnea sleepdisorders snoring
insomnia: sleepdisorders
chronickidneydisease: kidneydiseases kidneytests
kidneyfailure: chronickidneydisease kidneydiseases kidneytests
diabetickidneyproblems: chronickidneydisease kidneydiseases
kidneystones: kidneydiseases
urinarytractinfections: urineandurination bladderdiseases fever
ency-000526: urinarytractinfections bladderdiseases
overactivebladder: urinaryincontinence bladderdiseases
ency-000584: anemia iron
ency-000574: anemia
ency-000565: anemia
ency-000569: anemia
aplasticanemia: anemia
sicklecelldisease: anemia
hypothyroidism: thyroiddiseases thyroidtests
hyperthyroidism: thyroiddiseases thyroidtests
cirrhosis: liverdiseases
fattyliverdisease: liverdiseases
hepatitisa: hepatitis liverdiseases
hepatitisb: hepatitis liverdiseases
hepatitisc: hepatitis liverdiseases
pancreatitis: pancreaticdiseases abdominalpain
gallstones: gallbladderdiseases abdominalpain
appendicitis: abdominalpain ency-002921
crohnsdisease: digestivediseases colonicdiseases
ulcerativecolitis: digestivediseases colonicdiseases
irritablebowelsyndrome: colonicdiseases constipation gas
diverticulosisanddiverticulitis: colonicdiseases
gerd: heartburn indigestion esophagusdisorders
pepticulcer: stomachdisorders indigestion
gastroenteritis: diarrhea nauseaandvomiting fever
norovirusinfections: diarrhea nauseaandvomiting gastroenteritis
foodborneillness: diarrhea nauseaandvomiting
osteoarthritis: arthritis jointdisorders
rheumatoidarthritis: arthritis jointdisorders autoimmunediseases
psoriaticarthritis: arthritis psoriasis
gout: arthritis jointdisorders
kneereplacement: kneeinjuriesanddisorders osteoarthritis
hipreplacement: hipinjuriesanddisorders osteoarthritis
osteoporosis: bonedensity bonediseases
sciatica: backpain
herniateddisk: backpain spineinjuriesanddisorders
spinalstenosis: backpain spineinjuriesanddisorders
ency-007422: backpain chronicpain pain
backpain: pain
chronicpain: pain
migraine: headache
epilepsy: seizures braindiseases
alzheimersdisease: dementia memory mildcognitiveimpairment degenerativenervediseases
lewybodydementia: dementia
dementia: memory mildcognitiveimpairment delirium
parkinsonsdisease: movementdisorders tremor degenerativenervediseases
multiplesclerosis: neurologicdiseases
concussion: headinjuries
traumaticbraininjury: concussion headinjuries
depression: mentalhealth mentaldisorders mooddisorders stress
ency-000945: depression mentalhealth mooddisorders
postpartumdepression: depression
anxiety: mentalhealth mentaldisorders stress
panicdisorder: anxiety
posttraumaticstressdisorder: anxiety stress
bipolardisorder: mooddisorders mentaldisorders depression
schizophrenia: psychoticdisorders mentaldisorders
alcoholusedisorderaud: alcohol
alcoholusedisorderaudtreatment: alcoholusedisorderaud alcohol
opioidsandopioidusedisorderoud: druguseandaddiction prescriptiondrugmisuse
opioidusedisorderoudtreatment: opioidsandopioidusedisorderoud druguseandaddiction
quittingsmoking: smoking
obesity: bodyweight weightcontrol
obesityinchildren: obesity bodyweight
prenatalcare: ency-003778
pregnancy: prenatalcare
healthproblemsinpregnancy: pregnancy
hayfever: allergy
foodallergy: allergy
latexallergy: allergy
drugreactions: allergy
eczema: rashes skinconditions itching
psoriasis: skinconditions rashes
cellulitis: skininfections skinconditions
cataract: eyediseases
glaucoma: eyediseases
maculardegeneration: retinaldisorders eyediseases
pinkeye: eyeinfections
hivandinfections: infectiousdiseases
livingwithhiv: hiv
sepsis: bacterialinfections infectiousdiseases fever shock
vitaminddeficiency: vitamind
cholesterol: cholesterollevelswhatyouneedtoknow howtolowercholesterol
highcholesterolinchildrenandteens: cholesterol
downsyndrome: geneticdisorders
sprainsandstrains: woundsandinjuries
fractures: woundsandinjuries
`;

const toId = (name: string): string => (/^(ency|encypi|test|drug)-/.test(name) ? name : `topic-${name}`);

function readLines(): ReadonlyMap<string, ReadonlySet<string>> {
  const nearer = new Map<string, Set<string>>();
  for (const line of LINES.trim().split('\n')) {
    const [near = '', others = ''] = line.split(': ');
    for (const other of others.split(' ')) {
      const id = toId(other);
      nearer.set(id, (nearer.get(id) ?? new Set()).add(toId(near)));
    }
  }
  return nearer;
}

/** The nearer pages beside which an article is noise, by the article's id. */
export const NEARER_PAGES: ReadonlyMap<string, ReadonlySet<string>> = readLines();
