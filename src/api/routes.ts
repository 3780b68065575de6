import { suggest } from '../base/suggest.ts';
import { ok, type Result } from '../base/result.ts';
import type { Asking, Desk, DeskReply } from '../ports/desk.ts';
import { problem, type Problem } from './problem.ts';

/** What a route sees of its request. */
export interface Asked {
  /** Parts of the path, by the name that the route gives them. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Whether there is a body at all. */
  readonly hasBody: boolean;
  readonly body: () => Promise<Result<object, Problem>>;
  /** Who asks; null = the desk's own token. */
  readonly asking: Asking | null;
}

export type RouteAnswer =
  { readonly reply: DeskReply; readonly status: number } | { readonly problem: Problem } | { readonly text: string };

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** `{name}` stands for one part of the path. */
  readonly path: string;
  /** Query parameters that it knows. */
  readonly query: readonly string[];
  /** What it does, for the reference. */
  readonly does: string;
  /** Verb that a person says by it; '' = it changes nothing. */
  readonly verb: string;
  /** `person`: a person's token; `key`: and an idempotency key; `expects`: and the revision that was seen (expanding). */
  readonly takes: 'look' | 'person' | 'key' | 'expects';
  answer(desk: Desk, asked: Asked): Promise<RouteAnswer>;
}

const got = (reply: DeskReply): RouteAnswer => ({ reply, status: 200 });

function look(path: string, what: string, does: string): Route {
  return {
    method: 'GET',
    path,
    query: [],
    does,
    verb: '',
    takes: 'look',
    answer: async (desk, { parts }) => got(await desk.look(what, parts['id'] ?? '')),
  };
}

/** A verb with what its path and its body say; `idOf` makes its target of the path. */
function says(
  method: Route['method'],
  path: string,
  verb: string,
  takes: Route['takes'],
  does: string,
  idOf: (parts: Asked['parts']) => string | undefined = (parts) => parts['id'],
): Route {
  return {
    method,
    path,
    query: [],
    does,
    verb,
    takes,
    answer: async (desk, { parts, hasBody, body, asking }) => {
      const given = hasBody ? await body() : ok({});
      if (!given.ok) return { problem: given.error };
      if (asking === null) return { problem: problem('PERSON_REQUIRED', `${verb} takes the token of a person`) };
      const { expectedRevision, ...fields } = given.value as Readonly<Record<string, unknown>>;
      if (expectedRevision !== undefined && !Number.isSafeInteger(expectedRevision))
        return {
          problem: problem('FIELDS_NOT_KNOWN', `expectedRevision: expected a whole number, was ${JSON.stringify(expectedRevision)}`),
        };
      if ('id' in fields) return { problem: problem('FIELDS_NOT_KNOWN', 'id: unknown field, the path names it') };
      const seen = (expectedRevision as number | undefined) ?? asking.expectedRevision;
      if (takes === 'expects' && seen === undefined)
        return { problem: problem('EXPECTATION_REQUIRED', `${verb} expands: expected expectedRevision in the body or If-Match, was none`) };
      const id = idOf(parts);
      const told = id === undefined ? fields : { ...fields, id };
      return got(await desk.say(verb, told, { ...asking, ...(seen === undefined ? {} : { expectedRevision: seen }) }));
    },
  };
}

const deployments = '/api/v1/deployments';
const onDeployment = (verb: string, takes: Route['takes'], does: string): Route =>
  says('POST', `${deployments}/{id}/${verb}`, verb, takes, does);
const versionOf = (parts: Asked['parts']): string => `${parts['algorithm'] ?? ''}/${parts['version'] ?? ''}`;
const onVersion = (verb: string, takes: Route['takes'], does: string): Route =>
  says('POST', `/api/v1/versions/{algorithm}/{version}/${verb}`, verb, takes, does, versionOf);
const onStrategy = (verb: 'start' | 'stop' | 'pause', does: string): Route =>
  says('POST', `/strategies/{id}/${verb}`, `${verb}-strategy`, 'key', does);

const givenIn = (query: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries([...query].filter(([, value]) => value !== ''));
const completes = ['algorithm', 'version', 'capital', 'slice'];

const deployRoute: Route = {
  method: 'POST',
  path: '/api/v1/algorithms/deploy',
  query: completes,
  does: '201 when the deployment is durably registered; query `algorithm`, `version`, `capital`, `slice` complete a spec that lacks them; one of another slice is refused',
  verb: 'deploy',
  takes: 'key',
  answer: async (desk, { query, body, asking }) => {
    const spec = await body();
    if (!spec.ok) return { problem: spec.error };
    if (asking === null) return { problem: problem('PERSON_REQUIRED', 'deploy takes the token of a person') };
    return { reply: await desk.deploy(spec.value, givenIn(query), asking), status: 201 };
  },
};

const lintRoute: Route = {
  method: 'POST',
  path: `${deployments}:lint`,
  query: completes,
  does: 'what a spec allows, stage by stage; its faults by name; nothing is done',
  verb: '',
  takes: 'look',
  answer: async (desk, { query, body }) => {
    const spec = await body();
    return spec.ok ? got(desk.lint(spec.value, givenIn(query))) : { problem: spec.error };
  },
};

const simulateRoute: Route = {
  method: 'POST',
  path: `${deployments}:simulate`,
  query: [...completes, 'seed'],
  does: 'how a spec ends on the synthetic exchange, without people: 40 virtual days at most, built-in strategies, one at a time, 60 s; query `seed` repeats a run',
  verb: '',
  takes: 'look',
  answer: async (desk, { query, body }) => {
    const spec = await body();
    if (!spec.ok) return { problem: spec.error };
    const seed = Number(query.get('seed') ?? 7);
    if (!Number.isSafeInteger(seed) || seed < 0)
      return {
        problem: problem('QUERY_NOT_KNOWN', `seed: expected a whole number of at least 0, was ${query.get('seed')?.slice(0, 40) ?? ''}`),
      };
    const given = new URLSearchParams(query);
    given.delete('seed');
    return got(await desk.simulate(spec.value, givenIn(given), seed));
  },
};

const killRoute: Route = {
  method: 'POST',
  path: '/kill-switch',
  query: ['reason', 'target'],
  does: 'no new order leaves, every order is taken back: query or body `reason`, `target` (`firm`, `venue:X`, `account:X`, `strategy:X`; left out: the firm). `recorded: false`: the gateway obeyed, the core did not answer yet',
  verb: 'kill',
  takes: 'person',
  // no body is needed: whoever pulls the switch has no time to write one
  answer: async (desk, { query, hasBody, body, asking }) => {
    const given = hasBody ? await body() : ok({});
    if (!given.ok) return { problem: given.error };
    const fields = given.value as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(fields).find((name) => !killRoute.query.includes(name));
    if (unknown !== undefined)
      return { problem: problem('FIELDS_NOT_KNOWN', `${unknown}: unknown field${suggest(unknown, killRoute.query)}`) };
    const text = (name: string, otherwise: string): string => {
      const value = fields[name] ?? query.get(name);
      return typeof value === 'string' && value !== '' ? value : otherwise;
    };
    return got(await desk.kill(text('reason', 'killed over the API').slice(0, 256), text('target', 'firm'), asking?.actor ?? null));
  },
};

const metricsRoute: Route = {
  method: 'GET',
  path: '/metrics',
  query: [],
  does: 'Prometheus text: counts, and latencies as summaries in seconds',
  verb: '',
  takes: 'look',
  answer: async (desk) => ({ text: await desk.metrics() }),
};

export const routes: readonly Route[] = [
  deployRoute,
  lintRoute,
  simulateRoute,
  look(deployments, 'get', 'all deployments'),
  look(`${deployments}/{id}`, 'get', 'one: spec, phase, revision, stages, gates, row'),
  look(`${deployments}/{id}/explain`, 'explain', 'what is missing and how far, when it is judged next, who acts next'),
  look(`${deployments}/{id}/events`, 'events', 'its newest decisions (256 at most; the journal has them all)'),
  look(`${deployments}/{id}/verdicts`, 'verdicts', 'verdicts of its gates, each with the hash of what it was judged on (256 at most)'),
  look(
    `${deployments}/{id}/compared`,
    'compared',
    'its orders beside those of versions on paper or in shadow: differences of price, time, filled quantity and cost (the newest 1,000), and what they come to',
  ),
  onDeployment('promote', 'expects', 'one rung up; body `waives`: gates that two people let pass'),
  onDeployment('pause', 'key', 'the climb stands'),
  onDeployment('resume', 'key', 'the climb goes on'),
  onDeployment('abort', 'key', 'rolled back; a Degraded one is closed'),
  onDeployment('retry', 'expects', 'a failed gate is asked again; evidence is not reset'),
  onDeployment('rollback', 'key', 'orders back, lots to the custodian, authority gone'),
  onDeployment('undo', 'key', 'rolled back, and the version that last completed a deployment is deployed again'),
  onDeployment('approve', 'key', 'an approval of the next stage, or the yes to the one proposal about it'),
  onDeployment('deny', 'key', 'a no: approvals are gone and the climb stands, or the one proposal about it ends'),
  onDeployment('waive', 'expects', 'one gate (`gate`) before one stage (`stage`, else the next) passes as it is'),
  look('/api/v1/algorithms/{id}/versions', 'versions', 'versions that are registered, each with what it does in every slice'),
  onVersion('halt', 'key', 'authority is gone until people lift it'),
  onVersion('unhalt', 'expects', 'may be deployed again; the revision is the epoch of its row'),
  onVersion('flatten', 'key', 'halted, and the custodian works its lots off: body `mode`, `slippageBps`'),
  says(
    'PUT',
    '/api/v1/slices/{id}/allocation',
    'allocation',
    'expects',
    'a version’s share (`version`, `allocation` 0…1) or the slice itself (`totalCapital`, `reserve`); less by one person, more by two',
  ),
  look('/api/v1/proposals', 'proposals', 'what waits for a second person'),
  says('POST', '/api/v1/proposals/{id}/approve', 'approve', 'key', 'the second person’s yes; body `digest`: of what was read'),
  says('POST', '/api/v1/proposals/{id}/deny', 'deny', 'key', 'a no, or the proposer’s second thought'),
  look('/api/v1/breaks', 'breaks', 'last statement of each account, and open breaks with their figures'),
  says(
    'POST',
    '/api/v1/breaks/{id}/accept',
    'accept-break',
    'expects',
    'lived with as long as its figures stay, by two people; the id with `%2F` for `/`, the revision is `there` less `here`',
  ),
  says(
    'POST',
    '/api/v1/strategies/{id}/trials',
    'accept-trials',
    'expects',
    'how often it was tried, by two people: body `trials`, `trialVariance`, `head`, `bytes` of the registry; the revision is the number that the desk knows, 0 = none',
  ),
  look(
    '/api/v1/limits',
    'limits',
    'limits in force by scope: value, unit, revision, who set it and who agreed; `volatility`: the level that size cuts are judged by',
  ),
  says(
    'PUT',
    '/api/v1/limits/{id}',
    'set-limit',
    'expects',
    'a limit by its name, for the next order: body `scope` (`firm`, `account:A1`…), `value` in its unit (null removes it); tightening by one person, more by two; the revision is that of the limit in its scope, 0 = never set',
  ),
  says(
    'POST',
    '/api/v1/signals/{id}',
    'signal',
    'key',
    'a level of the volatility index (`VIX`): body `value` in points, `knownAt` (left out: now); one that cuts sizes everywhere by one person, any other by two',
  ),
  killRoute,
  says('POST', '/kill-switch/release', 'release', 'key', 'opens it again, by two people: body `target`'),
  onStrategy('start', 'gives back what pause took, by two people'),
  onStrategy('stop', 'halts every version of it'),
  onStrategy('pause', 'orders back, none leaves, climbs stand'),
  metricsRoute,
];

/** Routes of a path, and the parts that it names. */
export function routesOf(path: string): readonly { readonly route: Route; readonly parts: Asked['parts'] }[] {
  const given = path.split('/');
  return routes.flatMap((route) => {
    const wanted = route.path.split('/');
    if (wanted.length !== given.length) return [];
    const parts: Record<string, string> = {};
    for (let i = 0; i < wanted.length; i++) {
      const [, name] = /^\{(\w+)\}$/.exec(wanted[i]) ?? [];
      if (name !== undefined && given[i] !== '') parts[name] = decoded(given[i]);
      else if (wanted[i] !== given[i]) return [];
    }
    return [{ route, parts }];
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
