/** Groups items by a key, in order of appearance. */
export function groupBy<Item, Key>(items: Iterable<Item>, buildKey: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = buildKey(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
