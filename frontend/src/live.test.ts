import { DataQueryRequest, DataQueryResponse, dateTime, FieldType, LoadingState, toDataFrame } from '@grafana/data';
import { of } from 'rxjs';

import { isLive, LONGEST_MS, POLL_MS, QUIET_MS, watch } from './live';
import { SpanlogQuery } from './types';

const answer = (...spans: string[]): DataQueryResponse => ({
  state: LoadingState.Done,
  data: [toDataFrame({ refId: 'A', fields: [{ name: 'spanID', type: FieldType.string, values: spans }] })],
});
const failure: DataQueryResponse = { state: LoadingState.Error, data: [], errors: [{ message: 'Tempo answered 502' }] };

function request(): DataQueryRequest<SpanlogQuery> {
  const range = { from: dateTime(Date.now() - 3_600_000), to: dateTime(Date.now()) };
  // Only what the class reads.
  return {
    requestId: 'Q1',
    targets: [{ refId: 'A', query: 'abc', live: true }],
    range: { ...range, raw: range },
  } as DataQueryRequest<SpanlogQuery>;
}

/** Watches a trace whose answers are given, the last one for ever. */
function setUp(answers: DataQueryResponse[]) {
  const asked: Array<DataQueryRequest<SpanlogQuery>> = [];
  const seen: DataQueryResponse[] = [];
  let ended = false;
  const subscription = watch(request(), (query) => {
    asked.push(query);
    return of(answers[Math.min(asked.length, answers.length) - 1]);
  }).subscribe({ next: (response) => seen.push(response), complete: () => (ended = true) });
  const spans = () => seen.map(({ data }) => data[0]?.fields[0].values);
  return { asked, seen, spans, subscription, isEnded: () => ended };
}

describe('watch', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('passes on an answer only when it brings something new', () => {
    const { seen, spans } = setUp([answer('a'), answer('a'), answer('a', 'b')]);

    jest.advanceTimersByTime(2 * POLL_MS);
    expect(spans()).toEqual([['a'], ['a', 'b']]);
    expect(seen.every(({ state, key }) => state === LoadingState.Streaming && key === 'Q1')).toBe(true);
  });

  it('looks further into the time that has passed', () => {
    const { asked } = setUp([answer('a')]);
    const first = asked[0].range;

    jest.advanceTimersByTime(POLL_MS);
    expect(asked[1].range.from.valueOf()).toBe(first.from.valueOf());
    expect(asked[1].range.to.valueOf()).toBe(first.to.valueOf() + POLL_MS);
  });

  it('ends when the trace has been quiet for a minute', () => {
    const { asked, seen, isEnded } = setUp([answer('a')]);

    jest.advanceTimersByTime(QUIET_MS);
    expect(isEnded()).toBe(true);
    expect(seen[seen.length - 1].state).toBe(LoadingState.Done);

    const count = asked.length;
    jest.advanceTimersByTime(QUIET_MS);
    expect(asked).toHaveLength(count);
  });

  it('ends after half an hour even if the trace goes on', () => {
    let n = 0;
    const seen: DataQueryResponse[] = [];
    let ended = false;
    watch(request(), () => of(answer(`span-${n++}`))).subscribe({
      next: (response) => seen.push(response),
      complete: () => (ended = true),
    });

    jest.advanceTimersByTime(LONGEST_MS - POLL_MS);
    expect(ended).toBe(false);
    jest.advanceTimersByTime(POLL_MS);
    expect(ended).toBe(true);
  });

  it('keeps the trace on the screen when one question fails', () => {
    const { spans } = setUp([answer('a'), failure, answer('a', 'b')]);

    jest.advanceTimersByTime(2 * POLL_MS);
    expect(spans()).toEqual([['a'], ['a', 'b']]);
  });

  it('ends with the error after three in a row', () => {
    const { seen, isEnded } = setUp([answer('a'), failure]);

    jest.advanceTimersByTime(3 * POLL_MS);
    expect(isEnded()).toBe(true);
    expect(seen[seen.length - 1]).toMatchObject({ state: LoadingState.Error, errors: failure.errors });
  });

  it('waits for a trace that is not there yet', () => {
    const { seen, spans } = setUp([failure, answer('a')]);
    expect(seen[0].state).toBe(LoadingState.Error);

    jest.advanceTimersByTime(POLL_MS);
    expect(spans()[1]).toEqual(['a']);
  });

  it('does not ask while nobody looks at the page', () => {
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const { asked } = setUp([answer('a')]);

    jest.advanceTimersByTime(10 * POLL_MS);
    expect(asked).toHaveLength(1);

    hidden.mockReturnValue(false);
    jest.advanceTimersByTime(1_000);
    expect(asked).toHaveLength(2);
  });

  it('stops when nobody listens', () => {
    const { asked, subscription } = setUp([answer('a')]);
    subscription.unsubscribe();

    jest.advanceTimersByTime(10 * POLL_MS);
    expect(asked).toHaveLength(1);
  });
});

describe('isLive', () => {
  const query = (changed: Partial<SpanlogQuery>) => ({ refId: 'A', live: true, ...changed });

  it('follows traces and conversations, and no searches', () => {
    expect(isLive(query({ query: '2f3e0cee' }))).toBe(true);
    expect(isLive(query({ query: 'any id', queryType: 'conversation' }))).toBe(true);
    expect(isLive(query({ query: '{ status = error }' }))).toBe(false);
    expect(isLive(query({ query: '2f3e', live: undefined }))).toBe(false);
    expect(isLive(query({ query: '2f3e', hide: true }))).toBe(false);
  });
});
