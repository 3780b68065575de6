/** Longest word that is compared; longer ones get no suggestion. */
const maxWord = 64;

/** ` (did you mean minPnL?)` when one of the candidates is near enough, else ''. Optimal string alignment distance (Damerau 1964), at most a third of the word. */
export function suggest(word: string, candidates: readonly string[]): string {
  let best = '';
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = alignmentDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === '' ? '' : ` (did you mean ${best}?)`;
}

function alignmentDistance(a: string, b: string): number {
  if (a.length > maxWord || b.length > maxWord) return maxWord;
  const width = b.length + 1;
  const rows = new Uint8Array((a.length + 1) * width);
  for (let j = 0; j <= b.length; j++) rows[j] = j;
  for (let i = 1; i <= a.length; i++) {
    rows[i * width] = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[(i - 1) * width + j] + 1, rows[i * width + j - 1] + 1, rows[(i - 1) * width + j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, rows[(i - 2) * width + j - 2] + 1);
      rows[i * width + j] = least;
    }
  }
  return rows[rows.length - 1];
}
