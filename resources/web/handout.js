/**
 * The patient handout: what is noted stands on it at once, and "Print" prints what the form says. Without a script the form
 * is sent first, and the browser's menu prints just as well.
 */
const PRINT_NEXT = 'education-connect.print';

const form = document.querySelector('.handout-form');

/** Puts the note on the paper as it is typed; the server stores none either. */
function showNote() {
  const section = document.querySelector('.paper-note');
  const text = form.querySelector('#note').value.trim();
  section.hidden = text === '';
  section.querySelector('p').textContent = text;
}

/** Whether the form asks for another handout than the one that stands below it: other articles, another language. */
function asksForAnother() {
  const boxes = [...form.querySelectorAll('input[type=checkbox]')];
  const options = [...form.querySelectorAll('select:not([data-given]) option')];
  return (
    boxes.some((box) => box.checked !== box.defaultChecked) ||
    options.some((option) => option.selected !== option.defaultSelected)
  );
}

function print() {
  if (!asksForAnother()) {
    window.print();
    return;
  }
  try {
    sessionStorage.setItem(PRINT_NEXT, 'true');
  } catch {
    // Then it is made, and printed by another press.
  }
  form.requestSubmit();
}

/** Whether this handout was made to be printed at once. */
function isAwaited() {
  try {
    const awaited = sessionStorage.getItem(PRINT_NEXT) !== null;
    sessionStorage.removeItem(PRINT_NEXT);
    return awaited;
  } catch {
    return false;
  }
}

if (form) {
  form.querySelector('#note').addEventListener('input', showNote);
  form.querySelector('[data-print]').addEventListener('click', print);
  // A page that is come back to keeps what was typed.
  addEventListener('pageshow', showNote);
  if (isAwaited()) window.print();
}
