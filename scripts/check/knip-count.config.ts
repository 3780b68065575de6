interface KnipReport {
  readonly counters: Readonly<Record<string, number>>;
}

/** One more reporter for knip: how many files it read, so that a blind run is noticed. */
export default function reportCount({ counters }: KnipReport): void {
  process.stdout.write(`${JSON.stringify(counters)}\n`);
}
