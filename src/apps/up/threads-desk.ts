import { createHash, timingSafeEqual } from 'node:crypto';
import { MICROS_PER_DAY } from '../../base/time.ts';
import { metricsText, type MetricFamily } from '../../api/metrics-text.ts';
import { parseKillTarget } from '../../domain/kill.ts';
import type { PlainObject, SpecFault } from '../../domain/spec-parser/field-reader.ts';
import { givenDefaults, parseSpec, type SpecDefaults } from '../../domain/spec-parser/spec-parser.ts';
import type { Credentials, Desk, DeskReply, GivenInRequest, Identity } from '../../ports/desk.ts';
import { latencyMeanings, latencyNames, latencyReport, type LatencyReport } from '../../runtime/live/latencies.ts';
import { Histogram } from '../../runtime/latency/histogram.ts';
import type { LiveCounts } from '../../runtime/live/live-options.ts';
import type { ControlAnswer } from '../desk/control-socket.ts';
import { exitCodes } from '../desk/exit-codes.ts';
import { stageLimits } from '../lint/effective-limits.ts';
import { refusalWhenDeployed } from '../lint/refusal.ts';
import { askerOf, isNotAsked } from '../verbs/asker.ts';
import type { People } from '../verbs/people-file.ts';
import type { DeskThreads } from './desk-threads.ts';
import type { Simulator } from './simulate-order.ts';

/** What the core says when it is asked for its latencies. */
export interface LatencyBody {
  readonly latencies: LatencyReport;
  readonly counts: LiveCounts;
}

/** A desk on threads behind the port of its interfaces. `token`: of the data directory. */
export function deskOf(threads: DeskThreads, people: People, token: string, defaults: SpecDefaults, simulator: Simulator): Desk {
  return {
    identify: (credentials) => identityOf(people, token, credentials),
    deploy: async (spec: object, given: GivenInRequest, { actor, key }) =>
      replyOf(await threads.ask({ verb: 'deploy', spec, ...given, key }, undefined, undefined, actor)),
    look: async (what, id) => {
      const reply = replyOf(await threads.ask({ verb: what, id }));
      // all deployments and nothing else of the desk
      if (what !== 'get' || id !== '' || reply.kind !== 'done' || !isRecord(reply.body)) return reply;
      const { deployments, slices } = reply.body;
      return { kind: 'done', body: { deployments, slices } };
    },
    say: async (verb, fields, { actor, key, expectedRevision }) =>
      replyOf(await threads.ask({ ...fields, verb, key, expectedRevision }, undefined, undefined, actor)),
    lint: (spec, given) => lintOf(spec, given, defaults),
    simulate: (spec, given, seed) => {
      const parsed = parsedOf(spec, given, defaults);
      if (!parsed.ok) return Promise.resolve({ kind: 'refused', code: 'SPEC_REFUSED', text: faultsText(parsed.error) });
      const { totalCapital } = parsed.value.spec;
      return simulator.run({ spec: spec as PlainObject, seed, horizon: simulatedMicros, totalCapital, defaults: givenDefaults(given) });
    },
    kill: async (reason, asked, actor) => {
      const target = parseKillTarget(asked);
      return target === undefined
        ? { kind: 'refused', code: 'FIELDS', text: `target: expected firm, venue:X, account:X or strategy:X, was ${asked.slice(0, 80)}` }
        : replyOf(await threads.kill(reason, target, actor));
    },
    metrics: () => metricsOf(threads),
  };
}

function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The desk's own token stands for its demonstration people where it has no others; where it has, it may look and kill. */
function identityOf(people: People, own: string, { token, as, verb }: Credentials): Identity {
  const isOwn = same(token, own);
  if (isOwn && people.known) return { kind: 'desk' };
  if (isOwn && verb === '') return { kind: 'desk' };
  const asker = isOwn
    ? askerOf(people, { verb, token: undefined, as })
    : token === ''
      ? undefined
      : askerOf(people, { verb, token, as: undefined });
  if (asker === undefined || (isNotAsked(asker) && asker.code === 'UNKNOWN_TOKEN'))
    return {
      kind: 'nobody',
      code: 'UNAUTHORIZED',
      text: 'authorization: expected Bearer and a token: a person’s, or the one in api.token of the data directory',
    };
  return isNotAsked(asker) ? { kind: 'nobody', code: 'PERSON_REQUIRED', text: asker.text } : { kind: 'person', actor: asker };
}

/** Longest virtual time of a simulation: 40 days. */
const simulatedMicros = 40 * MICROS_PER_DAY;

function parsedOf(spec: object, given: GivenInRequest, defaults: SpecDefaults): ReturnType<typeof parseSpec> {
  return parseSpec(spec as PlainObject, { ...defaults, ...givenDefaults(given) });
}

function faultsText(faults: readonly SpecFault[]): string {
  return faults.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`)).join('; ');
}

function lintOf(spec: object, given: GivenInRequest, defaults: SpecDefaults): DeskReply {
  const parsed = parsedOf(spec, given, defaults);
  if (!parsed.ok) return { kind: 'done', body: { valid: false, faults: parsed.error } };
  const refusal = refusalWhenDeployed(parsed.value.spec);
  if (refusal !== undefined)
    return { kind: 'done', body: { valid: false, faults: [{ path: '', text: `${refusal.code}: ${refusal.text}` }] } };
  const { deploymentID, specHash } = parsed.value.spec;
  const limits = stageLimits(parsed.value.spec, new Map());
  return { kind: 'done', body: { valid: true, faults: [], deploymentID, specHash, warnings: parsed.value.warnings, limits } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Exit codes of a look are about the health of what was asked for; only what is refused is no answer. */
function replyOf(answer: ControlAnswer | undefined): DeskReply {
  if (answer === undefined) return { kind: 'late' };
  const { body, exitCode } = answer;
  if (exitCode !== exitCodes.refused && exitCode !== exitCodes.usage) {
    const waits = isRecord(body) && isRecord(body['proposal']);
    return waits ? { kind: 'waits', body } : { kind: 'done', body };
  }
  const [code, error] = isRecord(body) ? [body['code'], body['error'] ?? body['text']] : [];
  const text = typeof error === 'string' ? error : answer.text;
  return typeof code === 'string' ? { kind: 'refused', code, text } : { kind: 'unknown', text };
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
