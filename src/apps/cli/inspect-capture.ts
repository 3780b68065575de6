import type { CaptureSummary } from '../../feeds/inspect.ts';

export function isUnwell({ gaps, malformed }: CaptureSummary): boolean {
  return gaps > 0 || malformed > 0;
}

/** A line for each figure, lists below their name. */
export function captureSummaryText(summary: CaptureSummary): string {
  return Object.entries(summary)
    .filter(([, value]) => !Array.isArray(value) || value.length > 0)
    .map(([name, value]) => `${name.padEnd(22)} ${shown(value)}`)
    .join('\n');
}

function shown(value: unknown): string {
  if (Array.isArray(value))
    return value.map((item) => `\n  ${typeof item === 'object' ? Object.values(item as object).join('  ') : String(item)}`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, part]) => `${name} ${String(part)}`)
      .join(', ');
  return typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
}
