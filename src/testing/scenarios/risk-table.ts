/** A scenario table as a risk officer writes it: a title, words, and rows of six columns. Every table starts from the same desk (`risk-world.ts`). */
export interface RiskTable {
  readonly file: string;
  readonly title: string;
  readonly rows: readonly RiskRow[];
}

export interface RiskRow {
  readonly line: number;
  /** Time of day, '' = as in the row before. */
  readonly at: string;
  readonly happens: string;
  /** passes, waits for X, a denial code, `refused`, or '' = nothing is asked. */
  readonly result: string;
  readonly value: string;
  readonly bound: string;
  readonly scope: string;
}

const columns = ['at', 'what happens', 'result', 'value', 'bound', 'scope'];

/** `# title` starts a table, its first row names the columns, other lines are words for the reader. @throws where a row has other columns. */
export function parseRiskTables(file: string, text: string): RiskTable[] {
  const tables: { file: string; title: string; rows: RiskRow[] }[] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line.startsWith('# ')) tables.push({ file, title: line.slice(2), rows: [] });
    if (!line.startsWith('|') || /^[|\s-]+$/.test(line)) return;
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells.length !== columns.length) throw new Error(`${file}:${i + 1}: expected ${columns.length} columns, was ${cells.length}`);
    if (cells[0] === columns[0]) return;
    const table = tables.at(-1);
    if (table === undefined) throw new Error(`${file}:${i + 1}: expected a title before the first row`);
    const [at, happens, result, value, bound, scope] = cells;
    table.rows.push({ line: i + 1, at, happens, result, value, bound, scope });
  });
  return tables;
}
