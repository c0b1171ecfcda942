import { QUERY_TYPE_CONVERSATION, QUERY_TYPE_TRACEQL, SpanlogQuery, TraceStore } from '../types';
import { searchText } from './search';

export type Mode = 'trace' | 'search' | 'conversation';

/**
 * Which editor shows a query. Grafana's links copy a query and put a trace ID into `query`: the search builder then no
 * longer says what is asked, and the query is shown as text.
 */
export function modeOf(query: SpanlogQuery, store: TraceStore): Mode {
  if (query.queryType === QUERY_TYPE_CONVERSATION) {
    return 'conversation';
  }
  return query.search && query.query === searchText(store, query.search) ? 'search' : 'trace';
}

/** The query as another editor begins with it. The options stay. */
export function inMode(query: SpanlogQuery, mode: Mode, store: TraceStore): SpanlogQuery {
  const { search, ...rest } = query;
  const wasConversation = query.queryType === QUERY_TYPE_CONVERSATION;
  switch (mode) {
    case 'conversation':
      return { ...rest, queryType: QUERY_TYPE_CONVERSATION, query: '' };
    case 'search':
      return { ...rest, queryType: QUERY_TYPE_TRACEQL, search: search ?? {}, query: searchText(store, search ?? {}) };
    case 'trace':
      return { ...rest, queryType: QUERY_TYPE_TRACEQL, query: wasConversation ? '' : query.query };
  }
}
