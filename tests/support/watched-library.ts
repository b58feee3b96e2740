import type { Library } from '../../src/core/model/library.js';

/** A library and what is asked of it: every call by name, with its first argument. */
export interface WatchedLibrary {
  readonly library: Library;
  readonly calls: { readonly name: string; readonly first: unknown }[];
  /** The ids of articles that were read, each as often as it was, in their order. */
  readonly articlesRead: () => string[];
}

/** Watches a real library. */
export function watchLibrary(inner: Library): WatchedLibrary {
  const calls: { name: string; first: unknown }[] = [];
  const watch = <T extends object>(of: T): T =>
    new Proxy(of, {
      get: (_of, name) => {
        const value: unknown = Reflect.get(of, name);
        if (name === 'search' || name === 'terminology') return watch(value as object);
        if (typeof value !== 'function') return value;
        return (...asked: unknown[]): unknown => {
          calls.push({ name: String(name), first: asked[0] });
          return (value as (...all: unknown[]) => unknown).apply(of, asked);
        };
      },
    });
  const library = watch(inner);
  return {
    library,
    calls,
    articlesRead: () =>
      calls
        .filter(({ name }) => name === 'findArticles')
        .flatMap(({ first }) => first as string[])
        .sort(),
  };
}
