const maxText = 256;

/** First line of what was thrown, at most 256 characters. It is asked of foreign code: what cannot be read is said so, nothing is thrown. */
export function thrownText(thrown: unknown): string {
  try {
    const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return (text.split('\n', 1)[0] ?? '').slice(0, maxText);
  } catch {
    return 'something was thrown that cannot be read as text';
  }
}
