import { Lists } from '../../lists';
import { Completer } from './completer';
import { logqlCompleter } from './logql';
import { traceqlCompleter } from './traceql';

const ANSWERS: Record<string, string[]> = {
  tags: ['resource.service.name', 'span.http.status_code', 'span.gen_ai.request.model'],
  'tag-values': ['gpt-4o', 'gpt-4o-mini', 'claude "x"', '200', 'true'],
  'log-labels': ['namespace', 'service_name'],
  'log-label-values': ['checkout', 'payment'],
};

function setUp(make: (lists: Lists, time: () => Record<string, string>) => Completer) {
  const fetch = jest.fn().mockImplementation((path: string) => Promise.resolve({ values: ANSWERS[path] }));
  const completer = make(new Lists(fetch), () => ({ start: '60', end: '120' }));
  /** Completes at `▮` and returns the labels, and the text after the first one was taken. */
  const complete = async (query: string) => {
    const cursor = query.indexOf('▮');
    const text = query.replace('▮', '');
    const found = await completer(text, cursor);
    return {
      labels: found?.items.map(({ label }) => label) ?? [],
      taken: found && text.slice(0, found.from) + found.items[0].insert + text.slice(found.to),
    };
  };
  return { fetch, complete };
}

describe('traceqlCompleter', () => {
  it('suggests names that contain what was typed, those that begin with it first', async () => {
    const { complete } = setUp(traceqlCompleter);
    const { labels } = await complete('{ name▮');
    expect(labels[0]).toBe('name');
    expect(labels).toContain('resource.service.name');
    expect(labels).not.toContain('span.http.status_code');
  });

  it('suggests values of the name before the operator, in quotes', async () => {
    const { fetch, complete } = setUp(traceqlCompleter);
    const { labels, taken } = await complete('{ span.gen_ai.request.model = gpt▮');
    expect(labels).toEqual(['gpt-4o', 'gpt-4o-mini']);
    expect(taken).toBe('{ span.gen_ai.request.model = "gpt-4o"');
    expect(fetch).toHaveBeenCalledWith('tag-values', { tag: 'span.gen_ai.request.model', start: '60', end: '120' });
  });

  it('replaces the quotes that are there', async () => {
    const { complete } = setUp(traceqlCompleter);
    expect((await complete('{ span.a = "gpt-4o-m▮" && kind = client }')).taken).toBe(
      '{ span.a = "gpt-4o-mini" && kind = client }'
    );
  });

  it('escapes quotes in a value, and leaves numbers and booleans without quotes', async () => {
    const { complete } = setUp(traceqlCompleter);
    expect((await complete('{ span.a = claude▮')).taken).toBe('{ span.a = "claude \\"x\\""');
    expect((await complete('{ span.a = 2▮')).taken).toBe('{ span.a = 200');
    expect((await complete('{ span.a = "2▮')).taken).toBe('{ span.a = "200"');
    expect((await complete('{ span.a = tr▮')).taken).toBe('{ span.a = true');
  });

  it('knows the values of status and kind without asking', async () => {
    const { fetch, complete } = setUp(traceqlCompleter);
    expect((await complete('{ status = ▮')).labels).toEqual(['error', 'ok', 'unset']);
    expect((await complete('{ kind = cl▮')).taken).toBe('{ kind = client');
    expect(fetch).not.toHaveBeenCalled();
  });

  it('asks for nothing while a trace ID is typed', async () => {
    const { fetch, complete } = setUp(traceqlCompleter);
    expect((await complete('2f3e0cee77ae▮')).labels).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
  });

  it('asks once for a name that is typed letter by letter', async () => {
    const { fetch, complete } = setUp(traceqlCompleter);
    for (const typed of ['r', 're', 'res', 'reso']) {
      await complete(`{ ${typed}▮`);
    }
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('is silent when the word is complete', async () => {
    const { complete } = setUp(traceqlCompleter);
    expect((await complete('{ statusMessage▮')).labels).toEqual([]);
  });
});

describe('logqlCompleter', () => {
  it('suggests labels and their values', async () => {
    const { fetch, complete } = setUp(logqlCompleter);
    expect((await complete('{ser▮')).taken).toBe('{service_name');
    expect((await complete('{service_name="pay▮"}')).taken).toBe('{service_name="payment"}');
    expect(fetch).toHaveBeenLastCalledWith('log-label-values', { name: 'service_name', start: '60', end: '120' });
  });

  it('suggests what is replaced, inside quotes too', async () => {
    const { complete } = setUp(logqlCompleter);
    expect((await complete('{app="x"} |= "${▮"')).labels).toHaveLength(3);
    expect((await complete('{app="x"} |= "${__trace.t▮}"')).taken).toBe('{app="x"} |= "${__trace.traceId}"');
    expect((await complete('{app="x"} |= "${__span▮"')).taken).toBe('{app="x"} |= "${__span.tags["service.name"]}"');
  });
});
