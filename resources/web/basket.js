/**
 * The articles for the patient handout: kept for this browser's session alone, through searches and languages, and shown on
 * every page. Without a script addresses and forms carry them (src/web/parts/basket.tsx).
 */
/** A launch from an EHR has a basket of its own: what was chosen for another patient is not in it. */
const { launch } = document.querySelector('form[data-launch]')?.dataset ?? {};
const KEY = launch === undefined ? 'education-connect.basket' : `education-connect.basket.${launch}`;
const MOST = 20;

/** The browser's storage may be switched off or another's: then the basket lasts as long as the page. */
const store = {
  items: [],
  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
      if (Array.isArray(kept)) this.items = kept.filter((one) => typeof one?.id === 'string').slice(0, MOST);
      else if (sessionStorage.getItem(KEY) === null) this.items = [];
    } catch {
      // As it was.
    }
    return this.items;
  },
  write(items) {
    this.items = items.slice(0, MOST);
    try {
      if (this.items.length > 0) sessionStorage.setItem(KEY, JSON.stringify(this.items));
      else sessionStorage.removeItem(KEY);
    } catch {
      // Kept by the page alone.
    }
  },
};

const itemOf = ({ value, dataset }) => ({ id: value, title: dataset.title ?? value, lang: dataset.lang ?? '' });
const has = (id) => store.items.some((one) => one.id === id);
const remove = (id) => {
  store.write(store.items.filter((one) => one.id !== id));
};
const add = (item) => {
  if (!has(item.id)) store.write([...store.items, item]);
};

/** An element with its text: never HTML, whatever a title holds. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== '') element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Keeps the bar, its list and the page's boxes as the basket is. */
function enhanceBar(form) {
  const boxes = [...document.querySelectorAll(`input[type=checkbox][form="${form.id}"]`)];
  const count = form.querySelector('[data-chosen]');
  const details = form.querySelector('details.basket');
  const list = form.querySelector('[data-basket]');
  const clear = form.querySelector('[data-clear]');

  function entryOf({ id, title, lang }) {
    const name = make('span', { lang }, title);
    const button = make('button', { type: 'button', class: 'action' }, form.dataset.remove);
    button.append(make('span', { class: 'unseen' }, ` (${title})`));
    button.addEventListener('click', () => {
      const at = [...list.children].indexOf(button.parentElement);
      remove(id);
      show();
      (
        list.children[Math.min(at, list.children.length - 1)]?.querySelector('button') ?? details.firstElementChild
      ).focus();
    });
    return make('li', {}, name, ' ', button);
  }

  function show() {
    const items = store.read();
    const isEmpty = items.length === 0;
    for (const box of boxes) box.checked = has(box.value);
    count.textContent = count.dataset.chosen.replace('%', items.length);
    form.classList.toggle('is-empty', isEmpty);
    if (isEmpty) details.open = false;
    list.replaceChildren(...items.map(entryOf));
    form.hidden = isEmpty && boxes.length === 0;
    document.documentElement.classList.toggle('has-basket', !isEmpty);
  }

  document.addEventListener('change', ({ target }) => {
    if (!boxes.includes(target)) return;
    store.read();
    if (target.checked) add(itemOf(target));
    else remove(target.value);
    show();
  });
  form.addEventListener('formdata', ({ formData }) => {
    formData.delete('article');
    formData.delete('basket');
    for (const { id } of store.read()) formData.append('article', id);
  });
  clear.addEventListener('click', () => {
    store.write([]);
    show();
    document.querySelector('#q')?.focus();
  });
  // Articles ticked by a packet are added when it is shown first, not when it is come back to.
  const ticked = boxes.filter((box) => box.defaultChecked);
  if (ticked.length > 0 && !history.state?.added) {
    store.read();
    for (const box of ticked) add(itemOf(box));
    history.replaceState({ ...history.state, added: true }, '');
  }
  addEventListener('pageshow', show);
  show();
}

/** The handout's own page: the basket is what stands on it. */
function enhanceHandout(form) {
  const boxes = [...form.querySelectorAll('input[name=article]')];
  const keep = () => {
    store.write(boxes.filter((box) => box.checked).map(itemOf));
  };
  form.addEventListener('change', keep);
  form.querySelector('[data-clear]')?.addEventListener('click', () => {
    store.write([]);
    location.assign(form.dataset.home);
  });
  keep();
}

const bar = document.querySelector('form.choice');
const handout = document.querySelector('form.handout-form');
if (handout) enhanceHandout(handout);
else if (bar) enhanceBar(bar);

// A site's list is added to what is there.
for (const link of document.querySelectorAll('a[data-articles]')) {
  link.addEventListener('click', () => {
    const address = new URL(link.href);
    address.searchParams.delete('article');
    const listed = link.dataset.articles.split(',');
    for (const id of new Set([...store.read().map((one) => one.id), ...listed]))
      address.searchParams.append('article', id);
    link.href = address.href;
  });
}
