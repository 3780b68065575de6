import { metricsText, type MetricFamily } from '../../api/metrics-text.ts';
import type { Desk, DeskReply, GivenInRequest } from '../../ports/desk.ts';
import { latencyMeanings, latencyNames, latencyReport, type LatencyReport } from '../../runtime/live/latencies.ts';
import { Histogram } from '../../runtime/latency/histogram.ts';
import type { LiveCounts } from '../../runtime/live/live-options.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import type { DeskThreads } from './desk-threads.ts';

/** What the core says when it is asked for its latencies. */
export interface LatencyBody {
  readonly latencies: LatencyReport;
  readonly counts: LiveCounts;
}

/** A desk on threads behind the port of its interfaces. */
export function deskOf(threads: DeskThreads): Desk {
  const look = async (verb: string, id: string): Promise<DeskReply> => looked(await threads.ask({ verb, id }));
  return {
    deploy: async (spec: object, given: GivenInRequest) => deployed(await threads.ask({ verb: 'deploy', spec, ...given })),
    deployments: async () => {
      const reply = looked(await threads.ask({ verb: 'get' }));
      return reply.kind === 'done' && isRecord(reply.body) ? { kind: 'done', body: { deployments: reply.body['deployments'] } } : reply;
    },
    deployment: (id) => look('get', id),
    explain: (id) => look('explain', id),
    events: (id) => look('events', id),
    kill: async (reason) => looked(await threads.kill(reason)),
    metrics: () => metricsOf(threads),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Exit codes are about the health of what was asked for; only a thing that is not there is no answer. */
function looked(answer: ControlAnswer | undefined): DeskReply {
  if (answer === undefined) return { kind: 'late' };
  if (answer.exitCode !== exitCodes.refused) return { kind: 'done', body: answer.body };
  return { kind: 'unknown', text: isRecord(answer.body) && typeof answer.body['error'] === 'string' ? answer.body['error'] : answer.text };
}

function deployed(answer: ControlAnswer | undefined): DeskReply {
  if (answer === undefined) return { kind: 'late' };
  if (answer.exitCode === exitCodes.healthy) return { kind: 'done', body: answer.body };
  const code = isRecord(answer.body) && typeof answer.body['code'] === 'string' ? answer.body['code'] : 'SPEC_REFUSED';
  return { kind: 'refused', code, text: answer.text };
}

async function metricsOf(threads: DeskThreads): Promise<string> {
  const answer = await threads.ask({ verb: 'latency' }, 500);
  const body = answer?.body as LatencyBody | undefined;
  const report = body?.latencies ?? latencyReport(threads.latencies, new Histogram());
  const { gatewayBoard } = threads;
  const gauge = (name: string, help: string, value: number): MetricFamily => ({ name, help, type: 'gauge', samples: [{ value }] });
  const counter = (name: string, help: string, value: number): MetricFamily => ({ name, help, type: 'counter', samples: [{ value }] });
  return metricsText([
    gauge('plimsoll_core_answers', '1 while the core answers, else 0', body === undefined ? 0 : 1),
    gauge('plimsoll_kill_switch_engaged', '1 while the kill word is set', threads.killed ? 1 : 0),
    gauge('plimsoll_gateway_open_orders', 'orders that the gateway knows to be open', gatewayBoard.get('openOrders')),
    gauge('plimsoll_gateway_waiting_reports', 'reports that the core has not taken', gatewayBoard.get('waitingReports')),
    counter('plimsoll_gateway_cancels_total', 'cancels handed to venues', gatewayBoard.get('cancelsSent')),
    ...(body === undefined
      ? []
      : [
          counter('plimsoll_inputs_total', 'inputs stepped', body.counts.inputs),
          counter('plimsoll_market_events_total', 'market events delivered', body.counts.marketEvents),
          counter('plimsoll_market_events_conflated_total', 'market events that a host was too far behind to get', body.counts.conflated),
          counter('plimsoll_hosts_ended_total', 'strategy hosts ended for a fault', body.counts.hostsEnded),
        ]),
    ...latencyNames.map((name): MetricFamily => {
      const { count, mean, p50, p99, p999 } = report[name];
      const quantile = (q: string, micros: number): MetricFamily['samples'][number] => ({ labels: { quantile: q }, value: micros / 1e6 });
      return {
        name: `plimsoll_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_seconds`,
        help: latencyMeanings[name],
        type: 'summary',
        samples: [
          quantile('0.5', p50),
          quantile('0.99', p99),
          quantile('0.999', p999),
          { suffix: '_sum', value: (mean * count) / 1e6 },
          { suffix: '_count', value: count },
        ],
      };
    }),
    gauge('process_resident_memory_bytes', 'resident memory', process.memoryUsage.rss()),
  ]);
}
