/** Longer addresses are not written into a page. */
export const MOST_ADDRESS_CHARS = 1000;

/** Whether a text is an address below ours: after its first slash no other comes, which would name another host. */
export const isOwnPath = (path: string): boolean =>
  path.length <= MOST_ADDRESS_CHARS && /^\/(?![/\\])[^\s]*$/.test(path);
