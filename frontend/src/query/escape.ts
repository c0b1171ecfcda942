import { TypedVariableModel } from '@grafana/data';

const escapeRegex = (value: string) => value.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
const escapeString = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');

/**
 * Formats a dashboard variable inside a quoted TraceQL or LogQL string: a single value as a string, one that may hold
 * several values as a regular expression, to be used with `=~`. The same rule as in Tempo's and Loki's data sources.
 */
export function escapeVariable(value: unknown, variable: Partial<TypedVariableModel>): string {
  const multi = ('multi' in variable && variable.multi) || ('includeAll' in variable && variable.includeAll);
  if (!multi) {
    return escapeString(String(value));
  }
  const values = Array.isArray(value) ? value : [value];
  return values.map((one) => escapeString(escapeRegex(String(one)))).join('|');
}
