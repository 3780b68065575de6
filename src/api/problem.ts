/** Codes of the API's own refusals; those of the desk come as they are. Each stands in docs/reference/http-api.md. */
export const apiCodes = {
  UNAUTHORIZED: { status: 401, title: 'a bearer token of a person, or the one of the data directory, is needed' },
  PERSON_REQUIRED: { status: 403, title: 'this takes the token of a person' },
  FORBIDDEN_HOST: { status: 403, title: 'this address is served on the loopback interface only' },
  NOT_FOUND: { status: 404, title: 'there is no such thing here' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'this path does not take that method' },
  BODY_TOO_LARGE: { status: 413, title: 'the body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'a body is JSON here' },
  BODY_NOT_JSON: { status: 400, title: 'the body is not the JSON that is expected' },
  FIELDS_NOT_KNOWN: { status: 400, title: 'a field of the body is not what is expected' },
  QUERY_NOT_KNOWN: { status: 400, title: 'the query has a parameter that is not known' },
  KEY_REQUIRED: { status: 400, title: 'a mutation carries an idempotency key' },
  EXPECTATION_REQUIRED: { status: 428, title: 'what expands carries the revision that was seen' },
  CONFLICT: { status: 409, title: 'the state or the key is another one' },
  NOT_ALLOWED: { status: 403, title: 'this person may not do that' },
  REFUSED: { status: 422, title: 'the desk refused' },
  NOT_BUILT: { status: 501, title: 'named, and not built' },
  DESK_BUSY: { status: 503, title: 'the desk did not answer in time' },
} as const;
export type ApiCode = keyof typeof apiCodes;

/** RFC 9457. `code` is ours and stable; `detail` is for people. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

export function problem(code: ApiCode, detail: string, deskCode?: string): Problem {
  const { status, title } = apiCodes[code];
  return { type: 'about:blank', title, status, detail, code: deskCode ?? code };
}

/** Refusals of the desk that HTTP has a status of its own for; the others are 422. */
const statusOf: Readonly<Record<string, ApiCode>> = {
  REVISION_CHANGED: 'CONFLICT',
  KEY_USED_FOR_ANOTHER_COMMAND: 'CONFLICT',
  PROPOSAL_DIFFERS: 'CONFLICT',
  PROPOSAL_EXPIRED: 'CONFLICT',
  ROLE_REQUIRED: 'NOT_ALLOWED',
  PROPOSER_CANNOT_APPROVE: 'NOT_ALLOWED',
  SECOND_PERSON_REQUIRED: 'NOT_ALLOWED',
  UNKNOWN_DEPLOYMENT: 'NOT_FOUND',
  UNKNOWN_VERSION: 'NOT_FOUND',
  UNKNOWN_SLICE: 'NOT_FOUND',
  UNKNOWN_ALGORITHM: 'NOT_FOUND',
  UNKNOWN_PROPOSAL: 'NOT_FOUND',
  FIELDS: 'FIELDS_NOT_KNOWN',
  NOT_BUILT: 'NOT_BUILT',
  DESK_BUSY: 'DESK_BUSY',
  SIMULATION_TOO_LONG: 'DESK_BUSY',
};

/** A refusal of the desk as a problem, under the desk's own code. */
export function deskProblem(code: string, detail: string): Problem {
  return problem(statusOf[code] ?? 'REFUSED', detail, code);
}
