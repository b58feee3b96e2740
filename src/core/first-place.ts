/** The first place in a sorted list from which something holds: before it nothing does, behind it everything. */
export function firstPlace<T>(sorted: ArrayLike<T>, holds: (one: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
