import type { Lists } from '../../lists';
import { Completer, matching, plain, quote, Suggestion } from './completer';
import { Place, placeOf } from './scan';

const MACROS: Suggestion[] = [
  { label: '${__trace.traceId}', insert: '${__trace.traceId}', detail: 'ID of the trace' },
  { label: '${__trace.services}', insert: '${__trace.services}', detail: 'services of the trace, for =~' },
  { label: '${__span.tags["service.name"]}', insert: '${__span.tags["service.name"]}', detail: 'an attribute' },
];
const STAGES = ['json', 'logfmt', 'trace_id="${__trace.traceId}"', 'level="error"'];
const AFTER_SELECTOR = ['|', '|= "${__trace.traceId}"'];

/** Completes the LogQL with which the records of a trace are found. */
export function logqlCompleter(lists: Lists, time: () => Record<string, string>): Completer {
  const values = async ({ name }: Place): Promise<Suggestion[]> => {
    const known = await lists.get('log-label-values', { name, ...time() });
    return known.map((value) => ({ label: value, insert: quote(value) }));
  };

  const at = async (place: Place): Promise<Suggestion[]> => {
    switch (place.expected) {
      case 'start':
        return place.typed ? [] : plain(['{}']);
      case 'name':
        return plain(await lists.get('log-labels', time()));
      case 'operator':
        return plain(['=', '!=', '=~', '!~']);
      case 'value':
        return values(place);
      case 'logic':
        return plain([',', '}']);
      case 'pipe':
        return plain(AFTER_SELECTOR);
      case 'stage':
        return plain(STAGES);
    }
  };

  return async (text, cursor) => {
    const macro = /\$(\{[\w.]*)?$/.exec(text.slice(0, cursor));
    if (macro) {
      const place: Place = { expected: 'value', typed: macro[0], from: macro.index, name: '', quoted: false };
      const to = text[cursor] === '}' ? cursor + 1 : cursor;
      const found = matching(text, cursor, place, MACROS);
      return found && { ...found, to };
    }
    const place = placeOf(text, cursor);
    return place && matching(text, cursor, place, await at(place));
  };
}
