import {
  DataFrame,
  DataQueryRequest,
  DataQueryResponse,
  dateTime,
  getDefaultTimeRange,
  LoadingState,
} from '@grafana/data';
import { defer, EMPTY, expand, filter, map, Observable, switchMap, take, timer } from 'rxjs';

import { QUERY_TYPE_CONVERSATION, SpanlogQuery, TRACE_ID } from './types';

export const POLL_MS = 5_000;
/** A trace without news for this long has ended. */
export const QUIET_MS = 60_000;
/** Nobody looks at a trace for longer; a tab that was left open stops asking. */
export const LONGEST_MS = 30 * 60_000;
const ERRORS_IN_A_ROW = 3;

/** Live mode follows one trace or conversation. A search has nothing that grows. */
export function isLive(query: SpanlogQuery): boolean {
  const known = TRACE_ID.test(query.query?.trim() ?? '') || query.queryType === QUERY_TYPE_CONVERSATION;
  return Boolean(query.live) && !query.hide && known;
}

interface Round {
  response: DataQueryResponse;
  content: string;
  isShown: boolean;
  isLast: boolean;
  errors: number;
  quietSince: number;
}

type Ask = (request: DataQueryRequest<SpanlogQuery>) => Observable<DataQueryResponse>;

/**
 * Asks every few seconds and passes an answer on when it brings something new: each frame that the trace view gets
 * closes the details that are open in it. Every answer is the whole trace, so its root is never lost. Ends when the
 * trace has been quiet for a minute, after half an hour, after three errors in a row, or when nobody listens.
 */
export function watch(
  request: DataQueryRequest<SpanlogQuery>,
  ask: Ask,
  now: () => number = Date.now
): Observable<DataQueryResponse> {
  const begin = now();

  const round = (response: DataQueryResponse, before?: Round): Round => {
    const failed = response.state === LoadingState.Error || Boolean(response.errors?.length);
    const content = failed ? (before?.content ?? '') : contentOf(response.data);
    const errors = failed ? (before?.errors ?? 0) + 1 : 0;
    const quietSince = before && content === before.content ? before.quietSince : now();
    const isLast = errors >= ERRORS_IN_A_ROW || now() - quietSince >= QUIET_MS || now() - begin >= LONGEST_MS;
    // A failure between two good answers is not shown: it would take the trace off the screen.
    const isNews = !before || (failed ? false : content !== before.content);
    return { response, content, errors, quietSince, isLast, isShown: isNews || isLast };
  };

  const askAfter = (before?: Round): Observable<Round> =>
    defer(() => ask(untilNow(request, now()))).pipe(
      filter((response) => response.state !== LoadingState.Loading),
      map((response) => round(response, before))
    );

  return askAfter().pipe(
    expand((last) => (last.isLast ? EMPTY : whenLookedAt(POLL_MS).pipe(switchMap(() => askAfter(last))))),
    filter(({ isShown }) => isShown),
    map(({ response, errors, isLast }) => ({
      ...response,
      key: request.requestId,
      state: errors > 0 ? LoadingState.Error : isLast ? LoadingState.Done : LoadingState.Streaming,
    }))
  );
}

/** Emits once, after `ms` and not before somebody looks at the page. */
function whenLookedAt(ms: number): Observable<unknown> {
  return timer(ms, 1_000).pipe(
    filter(() => !document.hidden),
    take(1)
  );
}

function untilNow(request: DataQueryRequest<SpanlogQuery>, now: number): DataQueryRequest<SpanlogQuery> {
  const range = request.range ?? getDefaultTimeRange();
  const to = dateTime(Math.max(now, range.to.valueOf()));
  return { ...request, range: { ...range, to, raw: { from: range.from, to } } };
}

/** Tells two answers apart without keeping both: the rows of each frame and what they hold. */
function contentOf(frames: DataFrame[]): string {
  return frames
    .map((frame) => `${frame.length}:${hash(JSON.stringify(frame.fields.map((field) => field.values)))}`)
    .join();
}

function hash(value: string): number {
  let sum = 0;
  for (let i = 0; i < value.length; i++) {
    sum = (Math.imul(sum, 31) + value.charCodeAt(i)) | 0;
  }
  return sum;
}
