/** Codes of the API's own refusals; those of the desk come as they are. Each stands in docs/reference/http-api.md. */
export const apiCodes = {
  UNAUTHORIZED: { status: 401, title: 'the bearer token of the data directory is needed' },
  FORBIDDEN_HOST: { status: 403, title: 'this address is served on the loopback interface only' },
  NOT_FOUND: { status: 404, title: 'there is no such thing here' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'this path does not take that method' },
  BODY_TOO_LARGE: { status: 413, title: 'the body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'a body is JSON here' },
  BODY_NOT_JSON: { status: 400, title: 'the body is not the JSON that is expected' },
  QUERY_NOT_KNOWN: { status: 400, title: 'the query has a parameter that is not known' },
  REFUSED: { status: 422, title: 'the desk refused' },
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
