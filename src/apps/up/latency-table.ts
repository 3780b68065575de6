import { latencyMeanings, latencyNames } from '../../runtime/live/latencies.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import type { LatencyBody } from './threads-desk.ts';

/** The same answer with a table as its text; an answer of a desk that measures nothing stays as it is. */
export function latencyTable(answer: ControlAnswer): ControlAnswer {
  const body = answer.body as Partial<LatencyBody>;
  if (body.latencies === undefined || body.counts === undefined) return answer;
  const { latencies, counts } = body;
  const shown = (micros: number): string =>
    `${micros >= 10_000 ? (micros / 1_000).toFixed(1) : (micros / 1_000).toFixed(3)} ms`.padStart(12);
  const rows = latencyNames.map((name) => {
    const { count, p50, p99, max } = latencies[name];
    return `${name.padEnd(15)} ${String(count).padStart(10)} ${shown(p50)} ${shown(p99)} ${shown(max)}  ${latencyMeanings[name]}`;
  });
  const head = `${''.padEnd(15)} ${'count'.padStart(10)} ${'p50'.padStart(12)} ${'p99'.padStart(12)} ${'longest'.padStart(12)}`;
  const tail = `${counts.inputs} inputs, ${counts.marketEvents} market events, ${counts.conflated} conflated, ${counts.hostsEnded} hosts ended`;
  return { ...answer, text: [head, ...rows, tail].join('\n') };
}
