import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toContent, writePage } from '../pdf-check/write-pdf.js';
import { temporaryFolder } from '../support/connector.js';
import { runHere } from './run-cli.js';

const folder = temporaryFolder();
const env = { LIBRARY_PATH: join(folder.path, 'library.db'), LOCAL_LIBRARY: join(folder.path, 'local') };

beforeAll(() => {
  const handouts = join(env.LOCAL_LIBRARY, 'handouts');
  mkdirSync(handouts, { recursive: true });
  writeFileSync(
    join(handouts, 'icd10_n53.14_es.pdf'),
    writePage(toContent(['Llame a la clínica.']), { catalog: '/Lang (es) ' }),
  );
  writeFileSync(join(handouts, 'icd10_n53.14_en.html'), '<title>Plan</title>');
});
afterAll(() => {
  folder.remove();
});

test('a build and the command report what is wrong with PDFs, which are imported all the same', async () => {
  const line = '1 PDFs of handouts, 1 with findings\n  handouts/icd10_n53.14_es.pdf: it is not tagged: ';
  const built = await runHere(['build'], env);
  expect([built.code, built.stdout]).toEqual([0, expect.stringContaining(line)]);
  const text = await runHere(['check-pdfs'], env);
  expect([text.code, text.stdout]).toEqual([2, expect.stringContaining(line)]);
  const csv = await runHere(['check-pdfs', '--format', 'csv'], env);
  expect(csv.stdout).toContain(
    'icd10_n53.14_es.pdf,local-icd-10-cm-n53.14,Folleto ICD-10-CM N53.14,es,untagged no-title,1,1,no,es,',
  );
});

test('without a folder there is nothing to check', async () => {
  const { code, stderr } = await runHere(['check-pdfs'], { LIBRARY_PATH: env.LIBRARY_PATH });
  expect([code, stderr]).toEqual([1, 'check-pdfs: there is no folder: set LOCAL_LIBRARY\n']);
});
