/**
 * The list page: a file that is chosen or dropped is read here, in the browser, put into the box and sent with the form. Without a
 * script a chart is pasted.
 */
const form = document.querySelector('.packet-form');
const input = form?.querySelector('#file');
const note = form?.querySelector('#file-note');
const box = form?.querySelector('#list');

/** The text of a file in the encoding that its mark or its XML declaration names; else UTF-8, else what Windows writes. */
async function readText(file) {
  const bytes = await file.arrayBuffer();
  const begin = new TextDecoder('latin1').decode(bytes.slice(0, 200));
  // By its mark, else by the empty half of its first letter.
  const isUtf16 = /^(?:\xff\xfe|\xfe\xff|<\0|\0<)/.test(begin);
  const declared = /encoding=["']([\w.-]+)["']/.exec(begin)?.[1];
  // A declaration that is readable byte by byte is of one byte a letter, whatever it names: writers of .NET name UTF-16 and write UTF-8.
  const named = isUtf16
    ? /^[\xff<]/.test(begin)
      ? 'utf-16le'
      : 'utf-16be'
    : declared !== undefined && !/^(?:utf-?(?:16|32)|ucs|iso-10646-ucs|unicode)/i.test(declared)
      ? declared
      : undefined;
  for (const encoding of [named, 'utf-8']) {
    try {
      if (encoding) return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // It is not in that encoding, or the browser does not know it.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes);
}

async function take(files) {
  const [file] = files;
  if (!file) return;
  const { most, tooLarge, one } = input.dataset;
  const text = file.size > Number(most) ? undefined : await readText(file);
  // A form writes most marks of XML and JSON in three bytes.
  if (text === undefined || new URLSearchParams({ list: text }).toString().length > Number(most) - 1000) {
    note.textContent = tooLarge;
    return;
  }
  note.textContent = files.length > 1 ? one : file.name;
  box.value = text;
  form.requestSubmit();
}

if (input) {
  // A page that is come back to holds the file's name still, and choosing it again would change nothing.
  addEventListener('pageshow', () => {
    input.value = '';
  });
  input.addEventListener('change', () => void take(input.files));
  const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes('Files');
  // The whole page takes a file: a browser would open one that misses the box in place of the page.
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.add('is-over');
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) form.classList.remove('is-over');
  });
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.remove('is-over');
    void take(event.dataTransfer.files);
  });
}

// One press ticks all drugs whose status the chart does not tell; without a script the chart is read anew.
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('.unclear button[name="unclear"]');
  if (!button) return;
  event.preventDefault();
  for (const box of button.closest('.unclear').querySelectorAll('input[type="checkbox"]:not(:checked)')) box.click();
});

// The row behind a link of the summary is opened: the controls are in sight.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('.look-at a[href^="#"]');
  const row = link && document.querySelector(link.getAttribute('href'));
  const change = row?.querySelector('details.row-change');
  if (change) change.open = true;
});
