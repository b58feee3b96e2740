/**
 * Improvements of our pages with a script: suggestions in the search box (ARIA 1.2 combobox with a list), recent searches
 * (in this browser's session alone), copying a link. Everything works without it.
 */
const RECENT = 'education-connect.recent';
const MOST_RECENT = 8;
const DEBOUNCE_MS = 60;
/** An answer that takes longer is announced as under way. */
const PROGRESS_MS = 1000;

// Searches of before were kept longer than a session.
try {
  localStorage.removeItem(RECENT);
} catch {
  // Nothing was kept.
}

/** The browser's memory may be switched off, full, or another's: then there is nothing. */
const recent = {
  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(RECENT) ?? '[]');
      return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST_RECENT) : [];
    } catch {
      return [];
    }
  },
  add(query) {
    const text = query.trim();
    if (text === '' || text.length > 100) return;
    try {
      const kept = recent.read().filter((one) => one.toLowerCase() !== text.toLowerCase());
      sessionStorage.setItem(RECENT, JSON.stringify([text, ...kept].slice(0, MOST_RECENT)));
    } catch {
      // Not kept then.
    }
  },
  clear() {
    try {
      sessionStorage.removeItem(RECENT);
    } catch {
      // Nothing was kept.
    }
  },
};

/** An element with its text: never HTML, whatever a title or a query holds. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Whether a text is a chart (JSON or XML): it goes where it is read, by a posted form, since it must stand in no address. */
const isChart = (text) => /^\s*(?:[{[]\s*["{]|<[?!A-Za-z])/.test(text);

/** Whether a text is divided as a list is. */
const mayBeList = (text) => /[\r\n,;]/.test(text.trim());

/** Whether it may have several entries without that: "CHF and COPD", "E11.9 I10". The server decides, and sends a single entry on. */
const mayBeSeveral = (text) => {
  const words = text.trim().split(/\s+/);
  return words.length > 1 && (words.every((word) => /\d/.test(word)) || /\s(?:and|y|e|&|\+)\s/i.test(text));
};

/** Makes a combobox of a search form. */
function enhanceSearch(form) {
  const input = form.querySelector('input[name=q]');
  const { find, suggest, listLabel, recentLabel, clearLabel, countLabel, noneLabel } = form.dataset;
  const list = make('ul', { role: 'listbox', id: 'q-options', 'aria-label': listLabel });
  const head = make('p', { class: 'options-head', 'aria-hidden': 'true' }, recentLabel);
  const clear = make('button', { type: 'button' }, clearLabel);
  const box = make('div', { class: 'options' }, head, list, clear);
  const status = make('p', { class: 'unseen', role: 'status' });
  box.hidden = true;
  form.querySelector('.search-row').append(box);
  form.append(status);
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'q-options',
    'aria-haspopup': 'listbox',
  }))
    input.setAttribute(name, value);

  const listPage = form.action;
  form.method = 'get';
  form.action = find;

  let active = -1;
  let typed = input.value;
  let timer;
  let asked;

  const options = () => [...list.children];

  function choose(index) {
    active = index;
    for (const [place, option] of options().entries()) option.setAttribute('aria-selected', String(place === index));
    const option = options()[index];
    if (option) {
      input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
    input.value = option ? option.dataset.value : typed;
  }

  function close() {
    box.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
    active = -1;
  }

  function open(items, isRecent, notice) {
    list.replaceChildren(
      ...items.map((item, index) => {
        const title = make('span', { lang: item.lang ?? document.documentElement.lang }, item.title);
        const code = item.code ? [make('span', { class: 'code' }, item.code), ' '] : [];
        const kind = item.kind ? [make('small', {}, item.kind)] : [];
        const attributes = { role: 'option', id: `q-option-${index}`, 'aria-selected': 'false' };
        const option = make('li', attributes, make('span', {}, ...code, title), ...kind);
        option.dataset.value = item.code ?? item.title;
        if (item.url) option.dataset.url = item.url;
        return option;
      }),
    );
    active = -1;
    input.removeAttribute('aria-activedescendant');
    list.setAttribute('aria-label', isRecent ? recentLabel : listLabel);
    clear.hidden = !isRecent;
    head.textContent = isRecent ? recentLabel : (notice ?? '');
    head.hidden = head.textContent === '';
    box.hidden = items.length === 0 && head.hidden;
    input.setAttribute('aria-expanded', String(items.length > 0));
    const count = items.length > 0 ? countLabel.replace('%', items.length) : noneLabel;
    status.textContent = notice ? `${notice} ${items.length > 0 ? count : ''}`.trim() : count;
  }

  function offerRecent() {
    const kept = recent.read();
    if (kept.length > 0)
      open(
        kept.map((title) => ({ title })),
        true,
      );
    else close();
  }

  async function offer() {
    const query = input.value.trim();
    asked?.abort();
    if (query === '' || isChart(query) || mayBeList(query)) {
      close();
      return;
    }
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(`${suggest}${suggest.includes('?') ? '&' : '?'}q=${encodeURIComponent(query)}`, {
        signal,
        headers: { Accept: 'application/json' },
      });
      const { suggestions, notice } = await answer.json();
      // A late answer is for earlier words.
      if (!signal.aborted && input.value.trim() === query && document.activeElement === input)
        open(suggestions ?? [], false, notice);
    } catch {
      if (!signal.aborted) close();
    }
  }

  function take(option) {
    clearTimeout(timer);
    asked?.abort();
    if (option.dataset.url) {
      recent.add(option.dataset.value);
      location.assign(option.dataset.url);
      return;
    }
    input.value = option.dataset.value;
    form.requestSubmit();
  }

  input.addEventListener('input', () => {
    typed = input.value;
    clearTimeout(timer);
    if (typed.trim() === '') close();
    else timer = setTimeout(offer, DEBOUNCE_MS);
  });
  input.addEventListener('keydown', (event) => {
    const last = list.children.length - 1;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (box.hidden) {
        // The one way to recent searches: they would cover the page's first links.
        if (input.value.trim() === '') offerRecent();
        else void offer();
        return;
      }
      const down = event.key === 'ArrowDown';
      // From the last one back to what was typed, and round.
      choose(down ? (active >= last ? -1 : active + 1) : active < 0 ? last : active - 1);
    } else if (event.key === 'Escape') {
      // An answer that is still on its way opens nothing either.
      clearTimeout(timer);
      asked?.abort();
      if (box.hidden) return;
      event.preventDefault();
      choose(-1);
      close();
    } else if (event.key === 'Enter' && active >= 0 && !box.hidden) {
      event.preventDefault();
      take(options()[active]);
    }
  });
  list.addEventListener('mousedown', (event) => {
    event.preventDefault();
  });
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (option) take(option);
  });
  clear.addEventListener('click', () => {
    recent.clear();
    close();
    input.focus();
  });
  form.addEventListener('focusout', (event) => {
    const { relatedTarget } = event;
    // The button that clears recent searches comes behind the one that searches: the way to it stays open.
    const stays = clear.hidden ? relatedTarget === input || box.contains(relatedTarget) : form.contains(relatedTarget);
    if (!stays) close();
  });
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    asked?.abort();
    // A query in the address bar would be in logs: a list is posted.
    const isDivided = mayBeList(input.value);
    if (!isDivided) recent.add(input.value);
    if (!isDivided && !mayBeSeveral(input.value)) return;
    event.preventDefault();
    postList(listPage, input.value, 'q');
  });
  // An input of one line drops line breaks: a list that is pasted goes to its page as it is.
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? '';
    const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== '');
    if (lines.length < 2 && !isChart(text)) return;
    event.preventDefault();
    postList(listPage, text, 'list');
  });
}

/** Shows that an answer is under way, once it has taken a second. Other scripts tell by the event `progress` whether one is. */
function enhanceProgress() {
  const status = document.querySelector('.progress');
  let timer;
  const show = (isUnderWay) => {
    clearTimeout(timer);
    status.textContent = '';
    if (isUnderWay) timer = setTimeout(() => (status.textContent = status.dataset.words), PROGRESS_MS);
  };
  document.addEventListener('submit', ({ submitter }) => {
    // A file leaves the page as it is.
    if (submitter?.dataset.file === undefined) show(true);
  });
  document.addEventListener('progress', ({ detail }) => show(detail.isUnderWay));
  addEventListener('pageshow', () => show(false));
}

/** Posts a list to its page. @param name `q`: it was typed as a search, and is one where it has a single entry */
function postList(action, text, name) {
  const post = make('form', { action, method: 'post', hidden: '' });
  const list = make('textarea', { name });
  list.value = text;
  post.append(list, make('input', { type: 'hidden', name: 'lang', value: document.documentElement.lang }));
  const department = document.querySelector('input[type=hidden][name=department]');
  if (department) post.append(department.cloneNode());
  document.body.append(post);
  document.dispatchEvent(new CustomEvent('progress', { detail: { isUnderWay: true } }));
  post.submit();
}

/** Copies without the clipboard's leave, which a page on plain http does not get. */
function copyBySelection(text) {
  const area = make('textarea', { class: 'unseen', readonly: '' });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

/** Tells what has been done to those who do not see it. */
const told = make('p', { class: 'unseen', role: 'status' });
document.body.append(told);

async function copy(button) {
  const { copy: text, copied } = button.dataset;
  const done = navigator.clipboard?.writeText(text).then(() => true);
  if (!(await done?.catch(() => false)) && !copyBySelection(text)) return;
  button.focus();
  const shown = button.firstElementChild;
  button.dataset.label ??= shown.textContent;
  // As wide as before: nothing beside it moves.
  button.style.minWidth = `${button.offsetWidth}px`;
  shown.textContent = told.textContent = copied;
  setTimeout(() => {
    shown.textContent = button.dataset.label;
    told.textContent = '';
  }, 2000);
}

// An EHR's frame is small: the style sheet takes the head together.
if (window.top !== window.self) document.documentElement.classList.add('framed');

document.querySelector('[data-print-page]')?.addEventListener('click', () => window.print());
enhanceProgress();
for (const form of document.querySelectorAll('form[data-suggest]')) enhanceSearch(form);
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[data-copy]');
  if (button) void copy(button);
});
