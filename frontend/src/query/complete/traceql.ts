import type { Lists } from '../../lists';
import { Completer, matching, plain, quote, Suggestion } from './completer';
import { Place, placeOf } from './scan';

const INTRINSICS = [
  'name',
  'status',
  'statusMessage',
  'kind',
  'duration',
  'traceDuration',
  'rootName',
  'rootServiceName',
  'event:name',
  'instrumentation:name',
  'trace:id',
  'span:id',
];
/** Attributes of agent runs, for stores that have not seen one yet or cannot list theirs. */
const GEN_AI = [
  'span.gen_ai.operation.name',
  'span.gen_ai.request.model',
  'span.gen_ai.agent.name',
  'span.gen_ai.tool.name',
  'span.gen_ai.conversation.id',
  'resource.service.name',
];
const KEYWORD_VALUES: Record<string, string[]> = {
  status: ['error', 'ok', 'unset'],
  kind: ['server', 'client', 'producer', 'consumer', 'internal', 'unspecified'],
  duration: ['100ms', '1s', '10s', '1m'],
  traceDuration: ['100ms', '1s', '10s', '1m'],
};
const OPERATORS = ['=', '!=', '=~', '!~', '>', '>=', '<', '<='];
const AFTER_SELECTOR = ['&&', '||', '>', '>>', '|'];
const STAGES = [
  'count() > 1',
  'avg(duration) > 1s',
  'max(duration) > 1s',
  'select(status)',
  'by(resource.service.name)',
];
const TEMPLATES = ['{ }', '{ status = error }', '{ resource.service.name = "" }', '{ traceDuration > 10s }'];

const isLiteral = (value: string) => /^-?\d+(\.\d+)?$/.test(value) || value === 'true' || value === 'false';

/** Completes TraceQL: names and values come from the trace store, the rest from the language. */
export function traceqlCompleter(lists: Lists, time: () => Record<string, string>): Completer {
  const names = async (): Promise<Suggestion[]> => {
    const known = await lists.get('tags', time());
    return plain([...new Set([...INTRINSICS, ...known, ...GEN_AI])]);
  };

  const values = async ({ name, quoted }: Place): Promise<Suggestion[]> => {
    const keywords = KEYWORD_VALUES[name];
    if (keywords) {
      return plain(keywords);
    }
    const known = await lists.get('tag-values', { tag: name, ...time() });
    return known.map((value) => ({
      label: value,
      insert: isLiteral(value) && !quoted ? value : quote(value),
    }));
  };

  const at = (place: Place): Promise<Suggestion[]> | Suggestion[] => {
    switch (place.expected) {
      case 'start':
        return place.typed ? [] : plain(TEMPLATES);
      case 'name':
        return names();
      case 'operator':
        return plain(OPERATORS);
      case 'value':
        return values(place);
      case 'logic':
        return plain(['&&', '||', '}']);
      case 'pipe':
        return plain(AFTER_SELECTOR);
      case 'stage':
        return plain(STAGES);
    }
  };

  return async (text, cursor) => {
    const place = placeOf(text, cursor);
    return place && matching(text, cursor, place, await at(place));
  };
}
