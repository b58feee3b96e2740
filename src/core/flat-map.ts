/**
 * The same as `list.flatMap(toOnes)`, in a tenth of its time: V8's own takes a microsecond or two, and an answer makes dozens (decision 066).
 * @param toOnes makes of an item a list, which is joined in, or one value
 */
export function flatMap<T, U>(list: readonly T[], toOnes: (item: T, index: number) => U | readonly U[]): U[] {
  const all: U[] = [];
  let index = 0;
  for (const item of list) {
    const ones = toOnes(item, index);
    if (Array.isArray(ones)) for (const one of ones as readonly U[]) all.push(one);
    else all.push(ones as U);
    index += 1;
  }
  return all;
}
