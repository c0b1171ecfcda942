import { TimeRange } from '@grafana/data';

const MINUTE = 60;

/**
 * The range as whole seconds, rounded to minutes: a range that ends now would otherwise be another one at each
 * render, and no list would ever be found among those that are kept.
 */
export function timeParams(range?: TimeRange): Record<string, string> {
  if (!range) {
    return {};
  }
  const start = Math.floor(range.from.unix() / MINUTE) * MINUTE;
  const end = Math.ceil(range.to.unix() / MINUTE) * MINUTE;
  return { start: String(start), end: String(end) };
}
