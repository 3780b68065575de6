import colors from 'picocolors';
import { isoFromMicros } from '../../base/time.ts';
import { money } from '../desk/describe.ts';
import { swapStanding } from '../desk/describe-swap.ts';
import type { Session } from '../desk/session.ts';
import type { DeploymentView, DeskView, RowView } from '../../projections/desk-view.ts';
import { minEOfVersion } from '../../quant/evidence/alpha-spending.ts';

/** The page fits a terminal of 80 x 24 and is drawn over itself. */
const columns = 80;
const rows = 24;
const frameMillis = 100;
const gaugeWidth = 24;
const meterWidth = 12;

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
    for (const row of view.rows.values()) if (row.version !== '') lines.push(rowLine(view, row));
    lines.push(...evidenceLines(view), ...swapLines(session));
    if (view.killed) lines.push(colors.red(`KILLED    ${view.killReason}`));
    lines.push('');
    const room = rows - lines.length - 1;
    lines.push(...this.#told.slice(-room));
    return lines.slice(0, rows - 1).map((line) => clip(line));
  }

  /** Leaves the page; what was told stays in the terminal as plain lines. */
  close(): void {
    if (this.#open) this.#out.write('\u001b[?25h\u001b[?1049l');
    this.#open = false;
  }
}

function rowLine(view: DeskView, row: RowView): string {
  const deployment = [...view.deployments.values()].findLast((one) => one.row === row.row);
  const stage = deployment?.stages.at(-1);
  const share = stage === undefined || stage.stage < 0 || Number(row.cap) === 0 ? 0 : stage.allocation / 10_000;
  const filled = row.mode === 'HALTED' ? 0 : Math.round(Math.sqrt(share) * gaugeWidth);
  const gauge = `${'█'.repeat(filled)}${'·'.repeat(gaugeWidth - filled)}`;
  const name = `${row.sliceID.split('@')[0]} ${row.version}`.padEnd(14);
  const mode = row.mode.padEnd(11);
  const shown = row.mode === 'HALTED' ? colors.red(mode) : row.mode === 'ACTIVE' ? colors.green(mode) : mode;
  const where = row.lifecycle === 'Standby' ? 'Standby' : (stage?.name ?? '');
  return `${name} ${gauge} ${where.padEnd(7)} ${shown} cap ${money(row.cap)}`;
}

/** The running e-values of what climbs, each beside what it has to come to. */
function evidenceLines(view: DeskView): readonly string[] {
  const lines: string[] = [];
  for (const row of view.rows.values()) {
    if (row.lifecycle !== 'Canary') continue;
    const deployment = [...view.deployments.values()].findLast((one) => one.row === row.row);
    if (deployment === undefined) continue;
    for (const { side, value, observations } of row.evidence.values()) {
      const limit = side === 'harm' ? deployment.spec.rollbackThresholds.harmE : edgeLimit(deployment);
      if (limit === null) continue;
      const name = `${row.sliceID.split('@')[0]} ${row.version}`.padEnd(14);
      const shown = value >= limit ? (side === 'harm' ? colors.red('shown') : colors.green('shown')) : 'not shown';
      lines.push(
        `${name} ${meter(value, limit)} ${`${side}:`.padEnd(5)} e = ${value.toFixed(2)} of ${limit.toFixed(2)} after ${observations} returns, ${shown}`,
      );
    }
  }
  return lines.length === 0 ? [] : [colors.dim('evidence'), ...lines];
}

/** What the declared gate of edge asks of this version, as it was last judged; before that as it is asked of the first one. null = none is declared. */
function edgeLimit({ spec, gates }: DeploymentView): number | null {
  const declared = spec.gates.find(({ metric, test }) => metric === 'netReturn' && test === 'bettingE');
  const minE = declared?.parameters['minE'];
  if (declared === undefined || typeof minE !== 'number') return null;
  const judged = [...gates.values()].find(({ gate }) => gate === declared.name);
  return judged === undefined || Number.isNaN(judged.limit) ? minEOfVersion(minE, 1) : judged.limit;
}

/** How far an e-value has come on its way to a limit, by its logarithm: 1 is no evidence at all. */
function meter(value: number, limit: number): string {
  const share = Math.log(Math.max(value, 1)) / Math.log(limit);
  const filled = Math.min(meterWidth, Math.floor(share * meterWidth));
  return `${'▪'.repeat(filled)}${'·'.repeat(meterWidth - filled)}`;
}

/** Where the newest swap stands, as long as it goes on, and how long it took. */
function swapLines({ core, swapClock }: Session): readonly string[] {
  const swap = core.rollout.swaps.at(-1);
  const standing = swap === undefined ? undefined : swapStanding(core, core.rollout.deployments[swap.deployment]);
  if (standing === undefined) return [];
  const { from, to, step, waitsFor } = standing;
  const froze = swapClock.freezeUs === 0 ? '' : `, frozen ${(swapClock.freezeUs / 1_000).toFixed(1)} ms`;
  return [`${colors.dim('swap')}      ${from} -> ${to} is ${step}${froze}: ${waitsFor}`];
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
    if (++shown > columns - 2) return `${line.slice(0, i)}…\u001b[0m`;
  }
  return line;
}
