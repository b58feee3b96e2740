/** CPU time below which two amounts of work are not compared: what the process does besides is as much. */
const LEAST_MICROSECONDS = 10_000;
const ROUNDS = 3;

/**
 * How many times as much CPU time eight times as much work takes: about 8 where it grows with its size, 64 where it grows with the
 * square of it. CPU time, not time: whoever else has the machine does not matter.
 *
 * @param work does work of a size; the sizes that it is given are a whole size and an eighth of it
 */
export async function growthOf(size: number, work: (size: number) => unknown): Promise<number> {
  const once = async (of: number): Promise<number> => {
    const before = process.cpuUsage();
    await work(of);
    return process.cpuUsage(before).user;
  };
  const least = async (of: number): Promise<number> => {
    let found = Infinity;
    for (let round = 0; round < ROUNDS; round += 1) found = Math.min(found, await once(of));
    return found;
  };
  const small = await least(Math.ceil(size / 8));
  return (await least(size)) / Math.max(small, LEAST_MICROSECONDS);
}

/** Between the 8 of linear work and the 64 of quadratic work. */
export const MOST_GROWTH = 20;
