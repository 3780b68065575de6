import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '../base/result.ts';
import { problem, type Problem } from './problem.ts';

/** Largest body (bytes), deepest nesting of it. */
export const maxBodyBytes = 1_048_576;
export const maxDepth = 32;

/** The JSON object in a request's body. */
export async function readBody(request: IncomingMessage): Promise<Result<object, Problem>> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(type))
    return err(
      problem('UNSUPPORTED_MEDIA_TYPE', `content-type: expected application/json, was ${type === '' ? 'none' : type.slice(0, 80)}`),
    );
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBodyBytes) return err(tooLarge(announced));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > maxBodyBytes) return err(tooLarge(bytes));
    chunks.push(part);
  }
  return parsed(Buffer.concat(chunks).toString('utf8'));
}

function tooLarge(bytes: number): Problem {
  return problem('BODY_TOO_LARGE', `body: expected at most ${maxBodyBytes} bytes, was ${bytes}`);
}

function parsed(text: string): Result<object, Problem> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err(problem('BODY_NOT_JSON', 'body: expected JSON, could not be parsed'));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return err(
      problem(
        'BODY_NOT_JSON',
        `body: expected one JSON object, was ${value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value}`,
      ),
    );
  }
  if (!fits(value, 1)) return err(problem('BODY_NOT_JSON', `body: expected at most ${maxDepth} levels of nesting`));
  return ok(value);
}

function fits(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth <= maxDepth && Object.values(value).every((item) => fits(item, depth + 1));
}
