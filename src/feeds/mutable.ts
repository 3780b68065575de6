/** An event as the feed that fills it sees it. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
