import colors from 'picocolors';
import { isoFromMicros } from '../../base/time.ts';
import { money } from '../desk/describe.ts';
import type { Session } from '../desk/session.ts';

/** The page fits a terminal of 80 x 24 and is drawn over itself. */
const columns = 80;
const rows = 24;
const frameMillis = 100;
const gaugeWidth = 24;

/** What a terminal shows while a desk runs: head, load lines, and the last things that were told. */
export class LiveView {
  readonly #told: string[] = [];
  readonly #out: NodeJS.WriteStream;
  #drawnAt = 0;
  #open = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  tell(line: string): void {
    this.#told.push(line);
    if (this.#told.length > rows) this.#told.shift();
  }

  draw(session: Session, title: string, force = false): void {
    const now = performance.now();
    if (!force && now - this.#drawnAt < frameMillis) return;
    this.#drawnAt = now;
    if (!this.#open) this.#out.write('\u001b[?1049h\u001b[?25l');
    this.#open = true;
    const lines = this.#lines(session, title);
    // one write, each line cleared to its end: no flicker
    this.#out.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\n')}\u001b[J`);
  }

  #lines(session: Session, title: string): readonly string[] {
    const { view } = session;
    const at = view.at === 0 ? '' : isoFromMicros(view.at).slice(0, 19).replace('T', ' ');
    const lines = [
      `${colors.bold('plimsoll')}  ${title}`,
      colors.dim(`${at}   record ${view.seq}   ${view.orderCount} orders   ${view.fillCount} fills   ${view.denialCount} denied`),
      '',
    ];
    for (const row of view.rows.values()) {
      if (row.version === '') continue;
      const deployment = [...view.deployments.values()].findLast((one) => one.row === row.row);
      const stage = deployment?.stages.at(-1);
      const share = stage === undefined || stage.stage < 0 ? 0 : stage.allocation / 10_000;
      const filled = row.mode === 'HALTED' ? 0 : Math.round(Math.sqrt(share) * gaugeWidth);
      const gauge = `${'█'.repeat(filled)}${'·'.repeat(gaugeWidth - filled)}`;
      const name = `${row.sliceID.split('@')[0]} ${row.version}`.padEnd(14);
      const mode =
        row.mode === 'HALTED'
          ? colors.red(row.mode.padEnd(9))
          : row.mode === 'ACTIVE'
            ? colors.green(row.mode.padEnd(9))
            : row.mode.padEnd(9);
      lines.push(`${name} ${gauge} ${(stage?.name ?? '').padEnd(7)} ${mode} cap ${money(row.cap)}`);
    }
    lines.push('');
    const room = rows - lines.length - 1;
    lines.push(...this.#told.slice(-room).map((line) => clip(line)));
    return lines.slice(0, rows - 1);
  }

  /** Leaves the page; what was told stays in the terminal as plain lines. */
  close(): void {
    if (this.#open) this.#out.write('\u001b[?25h\u001b[?1049l');
    this.#open = false;
  }
}

/** Cuts a line to the page; color codes take no room. */
function clip(line: string): string {
  let shown = 0;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\u001b') {
      const end = line.indexOf('m', i);
      if (end < 0) return line;
      i = end;
      continue;
    }
    if (++shown > columns - 1) return `${line.slice(0, i)}…\u001b[0m`;
  }
  return line;
}
