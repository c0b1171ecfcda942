import { SpanlogOptions } from '../types';

/** What each section of the editor gets: the options, and a way to replace some of them. */
export interface SectionProps {
  options: SpanlogOptions;
  readOnly: boolean;
  change: (options: Partial<SpanlogOptions>) => void;
}

/** `value` without its undefined keys, or undefined if none is left: an untouched section leaves no trace. */
export function compact<T extends object>(value: T): T | undefined {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  // The keys that are left have the types they had.
  return entries.length > 0 ? (Object.fromEntries(entries) as T) : undefined;
}
