/**
 * The patient handout follows its form: a note as it is typed, other choices by the server's answer, of which each part with
 * `data-live` replaces the page's own. Without a script the form has a button that sends it.
 */
const form = document.querySelector('.handout-form');
/** The request that is on its way, with the means to stop it. */
let update = { done: Promise.resolve(), controller: new AbortController() };

/** Shows the note on the paper as it is typed; the server stores none either. */
function showNote() {
  const section = document.querySelector('.paper-note');
  const text = form.querySelector('#note').value.trim();
  section.hidden = text === '';
  section.querySelector('p').textContent = text;
}

/** Replaces the parts of the page that depend on the form. @returns false if the answer has none of them */
function replaceParts(page) {
  const paper = page.querySelector('.paper');
  if (paper === null) return false;
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = page.querySelector(`[data-live="${part.dataset.live}"]`);
    // A status that is replaced as a whole is not read aloud.
    if (next !== null && part.getAttribute('role') === 'status') part.textContent = next.textContent;
    else if (next !== null) part.replaceWith(document.adoptNode(next));
  }
  // A browser prints the title above the paper.
  document.title = page.title;
  showNote();
  return true;
}

async function requestHandout(signal) {
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.ok && replaceParts(page)) return;
  } catch (error) {
    if (error.name === 'AbortError') return;
  }
  // Then the server shows its answer as a page.
  form.requestSubmit();
}

const showProgress = (isUnderWay) => {
  document.dispatchEvent(new CustomEvent('progress', { detail: { isUnderWay } }));
};

function follow() {
  update.controller.abort();
  const controller = new AbortController();
  showProgress(true);
  const done = requestHandout(controller.signal).then(() => {
    if (!controller.signal.aborted) showProgress(false);
  });
  update = { controller, done };
}

async function print() {
  await update.done;
  window.print();
}

/** Whether the browser restored choices other than those that the page was made with. */
function hasRestoredChoices() {
  const boxes = [...form.querySelectorAll('input[type=checkbox]')];
  const typed = [...form.querySelectorAll('[data-follow-up]')];
  const options = [...form.querySelectorAll('select:not([data-given]) option')];
  return (
    boxes.some((box) => box.checked !== box.defaultChecked) ||
    typed.some((field) => field.value !== field.defaultValue) ||
    options.some((option) => option.selected !== option.defaultSelected)
  );
}

if (form) {
  form.addEventListener('change', ({ target }) => {
    if (target.matches('input[type=checkbox], select:not([data-given]), [data-follow-up]')) follow();
  });
  form.querySelector('#note').addEventListener('input', showNote);
  form.querySelector('[data-print]').addEventListener('click', print);
  // An address that ends in #note leads to the field, ready to type in.
  if (location.hash === '#note') form.querySelector('#note').focus();
  addEventListener('pageshow', () => {
    showNote();
    if (hasRestoredChoices()) follow();
  });
}
