import { apiCodes } from './problem.ts';
import { routes, type Route } from './routes.ts';

const taken: Readonly<Record<Route['takes'], string>> = {
  look: '',
  person: 'person',
  key: 'person, key',
  expects: 'person, key, revision',
};

/** The table of requests as docs/reference/http-api.md has it. */
export function routesTable(): string {
  const rows = routes.map(({ method, path, takes, does }) => `| \`${method} ${path}\` | ${taken[takes]} | ${does} |`);
  return ['| request | takes | answer |', '|---|---|---|', ...rows].join('\n');
}

/** The table of the API's own codes. */
export function codesTable(): string {
  const rows = Object.entries(apiCodes).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`);
  return ['| code | status | when |', '|---|---|---|', ...rows].join('\n');
}
