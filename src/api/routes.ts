import type { Result } from '../base/result.ts';
import type { Desk, DeskReply } from '../ports/desk.ts';
import type { Problem } from './problem.ts';

/** What a route sees of its request. */
export interface Asked {
  /** The id in the path; '' = it has none. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: () => Promise<Result<object, Problem>>;
}

export type RouteAnswer =
  { readonly reply: DeskReply; readonly status: number } | { readonly problem: Problem } | { readonly text: string };

export interface Route {
  readonly method: 'GET' | 'POST';
  /** `{id}` stands for one part of the path. */
  readonly path: string;
  /** Query parameters that it knows. */
  readonly query: readonly string[];
  answer(desk: Desk, asked: Asked): Promise<RouteAnswer>;
}

const got = (reply: DeskReply): RouteAnswer => ({ reply, status: 200 });

export const routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v1/algorithms/deploy',
    query: ['algorithm', 'version', 'capital'],
    answer: async (desk, { query, body }) => {
      const spec = await body();
      if (!spec.ok) return { problem: spec.error };
      const given = Object.fromEntries([...query].filter(([, value]) => value !== ''));
      return { reply: await desk.deploy(spec.value, given), status: 201 };
    },
  },
  { method: 'GET', path: '/api/v1/deployments', query: [], answer: async (desk) => got(await desk.deployments()) },
  { method: 'GET', path: '/api/v1/deployments/{id}', query: [], answer: async (desk, { id }) => got(await desk.deployment(id)) },
  { method: 'GET', path: '/api/v1/deployments/{id}/explain', query: [], answer: async (desk, { id }) => got(await desk.explain(id)) },
  { method: 'GET', path: '/api/v1/deployments/{id}/events', query: [], answer: async (desk, { id }) => got(await desk.events(id)) },
  {
    method: 'POST',
    path: '/kill-switch',
    query: ['reason'],
    // no body is needed: whoever pulls the switch has no time to write one
    answer: async (desk, { query }) => got(await desk.kill((query.get('reason') ?? 'killed over the API').slice(0, 256))),
  },
  { method: 'GET', path: '/metrics', query: [], answer: async (desk) => ({ text: await desk.metrics() }) },
];

/** Routes of a path, and the id in it. */
export function routesOf(path: string): readonly { readonly route: Route; readonly id: string }[] {
  const parts = path.split('/');
  return routes.flatMap((route) => {
    const wanted = route.path.split('/');
    if (wanted.length !== parts.length) return [];
    let id = '';
    for (let i = 0; i < wanted.length; i++) {
      if (wanted[i] === '{id}' && parts[i] !== '') id = decoded(parts[i]);
      else if (wanted[i] !== parts[i]) return [];
    }
    return [{ route, id }];
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
