import { openDrugTables } from '../catalogue/drugs/drug-tables.js';
import { LEAFLET_KINDS, type Leaflet, type LeafletCode } from '../core/leaflets/leaflet.js';
import type { Language } from '../core/model/language.js';
import {
  ImportError,
  findNewestDay,
  type ImportLog,
  type ImportSetting,
  type ImportSource,
  type InputFile,
  type RowPortions,
  isBesideFiles,
} from './import-source.js';
import type { Label } from './spl/label.js';
import { LeafletCodes } from './spl/leaflet-codes.js';
import { readLabel } from './spl/read-label.js';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { limitStream, openEntry } from './read/input-files.js';

/** Many times the largest label with its pictures, packed, and its document, unpacked. */
const MAX_PACKED_BYTES = 200_000_000;
const MAX_DOCUMENT_BYTES = 60_000_000;
/** More files than a label has pictures. */
const MAX_ENTRIES = 5000;

const isZip = (name: string): boolean => /\.zip$/i.test(name);
const isXml = (name: string): boolean => /\.xml$/i.test(name) && !isBesideFiles(name);

/** True if a file of an import may be a label, or hold one: DailyMed's release is a zip with a zip of each label and its pictures. */
const mayHoldLabel = ({ name }: InputFile): boolean => isZip(name) || isXml(name);

/** The XML documents of a label's own zip. */
async function readPacked(file: InputFile): Promise<InputFile[]> {
  const packed = await buffer(limitStream(await file.open(), MAX_PACKED_BYTES));
  const zip = await fromBufferPromise(packed, { autoClose: false, lazyEntries: true });
  if (zip.entryCount > MAX_ENTRIES) throw new RangeError(`it has more than ${MAX_ENTRIES} files`);
  const documents: InputFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName);
    if (!isXml(name)) continue;
    // Its bytes were counted with those of its zip.
    const open = (): Promise<Readable> => openEntry(zip, entry, () => undefined, MAX_DOCUMENT_BYTES);
    documents.push({ ...file, name, label: `${file.label}/${entry.fileName}`, open });
  }
  return documents;
}

/**
 * Lists the documents of a file of an import: the file itself, or those of a label's own zip.
 * @throws ImportError if the zip is damaged or has no document
 */
async function listDocuments(file: InputFile): Promise<InputFile[]> {
  if (!isZip(file.name)) return [file];
  let documents: InputFile[];
  try {
    documents = await readPacked(file);
  } catch (cause) {
    throw new ImportError(`${file.label} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (documents.length === 0) throw new ImportError(`${file.label} has no label`);
  return documents;
}

/** Many times the longest leaflet: a longer text is not one, and would take long to print. */
const MAX_TEXT_CHARS = 2_000_000;
/** Words of the shortest leaflet: some labels have a title, an address or pictures of pages in the patient's section. */
const LEAST_WORDS = 40;
/** Pictures' descriptions, as a section has them. */
const PICTURES = /\[(?:Picture|Imagen)[^\][]*\]/g;
/** Heading of the prescriber's text, which some labels have in the patient's section. */
const FOR_PRESCRIBERS = /highlights of prescribing information/i;
/** Approvals of FDA by an application; monographs and unapproved drugs have none. */
const APPLICATION = /^(?:NDA|ANDA|BLA)\b/i;
const ROWS_A_PORTION = 2000;

/** A name in capitals as in a sentence: `GABAPENTIN` is no brand's spelling. */
const lowerCapitals = (name: string): string =>
  /\p{Ll}/u.test(name) ? name : name.charAt(0) + name.slice(1).toLowerCase();

/** Names of a label's products, each with its form: `Coumadin (tablet)`. */
function nameProducts({ products }: Label): string[] {
  const named = products.filter(({ name }) => name !== '');
  const names = named.map(({ name, form }) => {
    const [plain = ''] = form.toLowerCase().split(',');
    return plain === '' || plain === 'kit' ? lowerCapitals(name) : `${lowerCapitals(name)} (${plain})`;
  });
  return [...new Set(names)];
}

function toLeaflet(label: Label): Leaflet {
  const { setId, version, effectiveOn, maker, isCopy, products, sections } = label;
  const texts: Partial<Record<Language, string>> = {};
  for (const { language, html } of sections) {
    const before = texts[language];
    texts[language] = before === undefined ? html : `${before}\n${html}`;
  }
  const kind = LEAFLET_KINDS.find((one) => sections.some((section) => section.kind === one)) ?? 'patient-information';
  const isApproved =
    products.length > 0 && products.every(({ approval }) => approval === '' || APPLICATION.test(approval));
  return {
    setId,
    version,
    effectiveOn,
    maker,
    isCopy,
    isApproved: isApproved && products.some(({ approval }) => approval !== ''),
    kind,
    products: nameProducts(label),
    ingredients: [...new Set(products.flatMap((product) => product.ingredients))],
    routes: [...new Set(products.flatMap((product) => product.routes))],
    ndcs: [...new Set(products.flatMap((product) => product.ndcs))],
    texts,
  };
}

/** A label with the sections that are written for patients; none where they tell less than the shortest leaflet does. */
function withLeaflet(label: Label): Label {
  const sections = label.sections.filter(({ html }) => !FOR_PRESCRIBERS.test(html));
  const text = sections.map(({ html }) => html.replace(/<[^<>]*>/g, ' ').replace(PICTURES, '')).join(' ');
  const words = text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return { ...label, sections: words < LEAST_WORDS ? [] : sections };
}

/** Why a label is left out; undefined: it is imported. */
function findFault({ type, setId, version, sections }: Label, codes: LeafletCodes): string | undefined {
  if (/animal/i.test(type)) return `label ${setId} is for animals`;
  const known = codes.findVersion(setId);
  if (known !== undefined && known >= version) return `version ${version} of label ${setId} is superseded by ${known}`;
  const size = sections.reduce((sum, { html }) => sum + html.length, 0);
  return size > MAX_TEXT_CHARS ? `a text of ${size} characters is too long` : undefined;
}

/** The labels of the files, one at a time; one that cannot be read is reported and left out. */
async function* readLabels(files: readonly InputFile[], log: ImportLog): AsyncGenerator<readonly [InputFile, Label]> {
  for (const file of files) {
    try {
      for (const document of await listDocuments(file)) {
        const label = await readLabel(document);
        log.read(1);
        yield [document, withLeaflet(label)];
      }
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      log.read(1);
      log.reject(file.label, 0, error.message.replace(`${file.label} `, ''));
    }
  }
}

/** Why no file is a label. */
function findFormatFault(files: readonly InputFile[]): string {
  const has = (ending: RegExp): boolean => files.some(({ name }) => ending.test(name));
  if (has(/\.json$/i))
    return "openFDA's JSON has the sections of a label without their headings, lists and tables, so that no leaflet is made of it: import DailyMed's zip or XML";
  if (has(/\.(?:tar|tgz|txz|xz|7z)$/i)) return 'archives of this kind are not read: unpack it, and import the folder';
  return 'none of the files is a label (XML), or a zip of labels';
}

async function* readDrugLabels(
  files: readonly InputFile[],
  log: ImportLog,
  { resourcesDir }: ImportSetting,
): RowPortions {
  const ours = files.filter(mayHoldLabel);
  if (ours.length === 0) throw new ImportError(findFormatFault(files));
  const tables = openDrugTables(resourcesDir);
  if (!tables) throw new ImportError('there are no tables of drugs in the folder of resources');
  const date = findNewestDay(ours);
  log.release({ version: date, date, complete: [] });
  const codes = new LeafletCodes(tables);
  for await (const [{ label: place }, label] of readLabels(ours, log)) {
    const fault = findFault(label, codes);
    if (fault !== undefined) {
      log.reject(place, 0, fault);
      continue;
    }
    const isNewer = codes.findVersion(label.setId) !== undefined;
    codes.add(label, date);
    if (codes.isShown(label.setId)) yield { leaflets: [toLeaflet(label)] };
    // A version that is no longer shown takes the place of the one before.
    else if (isNewer) yield { leaflets: [{ ...toLeaflet(label), texts: {} }] };
  }
  let rows: LeafletCode[] = [];
  for (const row of codes.rows()) {
    rows.push(row);
    if (rows.length < ROWS_A_PORTION) continue;
    yield { leafletCodes: rows };
    rows = [];
  }
  yield { leafletCodes: rows };
}

/**
 * The patient sections of FDA's drug labels (Medication Guide, patient package insert, patient information, instructions for use), found by
 * NDC and RxCUI.
 * @see https://dailymed.nlm.nih.gov/dailymed/spl-resources-all-drug-labels.cfm
 */
export const drugLabels: ImportSource = {
  name: 'drug-labels',
  description:
    "Drugs' own leaflets: FDA's labels as DailyMed publishes them (dm_spl_release_human_rx_part1.zip, or XML files)",
  read: readDrugLabels,
};
