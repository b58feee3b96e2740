/** Methods that a Map and a WeakMap have in common. */
interface Store<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

/** Returns the value of a key, made where there is none yet. */
export function getOrAdd<Key, Value>(store: Store<Key, Value>, key: Key, create: () => Value): Value {
  const known = store.get(key);
  if (known !== undefined) return known;
  const value = create();
  store.set(key, value);
  return value;
}

/** Makes a function that returns the last value again for as long as the key is the same. */
export function rememberLast<Key, Value>(create: (key: Key) => Value): (key: Key) => Value {
  let last: { readonly key: Key; readonly value: Value } | undefined;
  return (key) => {
    if (!last || last.key !== key) last = { key, value: create(key) };
    return last.value;
  };
}

/** Makes a function that returns the value of a key again, also where it is none, until there are more than so many: then all are forgotten. */
export function rememberSome<Key, Value>(most: number, create: (key: Key) => Value): (key: Key) => Value {
  const values = new Map<Key, { readonly value: Value }>();
  return (key) => {
    const known = values.get(key);
    if (known) return known.value;
    if (values.size >= most) values.clear();
    const value = create(key);
    values.set(key, { value });
    return value;
  };
}
