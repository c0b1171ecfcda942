import { SpanlogQuery } from '../types';
import { inMode, modeOf } from './mode';
import { isDuration, toTraceql, toWords } from './search';

describe('toTraceql', () => {
  it('asks for everything when nothing is filled in', () => {
    expect(toTraceql({})).toBe('{ }');
    expect(toTraceql({ service: '  ' })).toBe('{ }');
  });

  it('asks for service and operation on one span', () => {
    expect(toTraceql({ service: 'shop', operation: 'GET /' })).toBe(
      '{ resource.service.name = "shop" && name = "GET /" }'
    );
  });

  it('lets other spans of the trace meet the other fields', () => {
    expect(toTraceql({ service: 'shop', tool: 'get_weather', status: 'error', minDuration: '2s' })).toBe(
      '{ resource.service.name = "shop" } && { span.gen_ai.tool.name = "get_weather" || span.tool.name = "get_weather" }' +
        ' && { status = error } && { traceDuration >= 2s }'
    );
  });

  it('knows how each dialect names the model', () => {
    expect(toTraceql({ model: 'm' })).toBe(
      '{ span.gen_ai.request.model = "m" || span.gen_ai.response.model = "m" || span.llm.model_name = "m" }'
    );
  });

  it('escapes what would end the string', () => {
    expect(toTraceql({ service: 'a" || "b\\' })).toBe('{ resource.service.name = "a\\" || \\"b\\\\" }');
  });

  it('matches a variable as a regular expression, because it may hold several values', () => {
    expect(toTraceql({ service: '$service' })).toBe('{ resource.service.name =~ "$service" }');
    expect(toTraceql({ service: '${service:regex}' })).toBe('{ resource.service.name =~ "${service:regex}" }');
  });
});

describe('toWords', () => {
  it('writes key=value words, quoted where needed', () => {
    expect(toWords({ service: 'shop', operation: 'GET /', status: 'error', maxDuration: '2s' })).toBe(
      'service=shop operation="GET /" error=true maxDuration=2s'
    );
  });
});

describe('isDuration', () => {
  it.each(['', undefined, '1s', '1.5h', '1h30m', '100ms', '$min'])('accepts %s', (value) => {
    expect(isDuration(value)).toBe(true);
  });
  it.each(['1', 's', '-1s', '1 s', '1s; drop'])('refuses %s', (value) => {
    expect(isDuration(value)).toBe(false);
  });
});

describe('modeOf', () => {
  const query = (changed: Partial<SpanlogQuery>): SpanlogQuery => ({ refId: 'A', ...changed });

  it('shows text as text, and what the builder wrote in the builder', () => {
    expect(modeOf(query({ query: 'abc' }), 'tempo')).toBe('trace');
    expect(modeOf(query({ query: '{ status = error }', search: { status: 'error' } }), 'tempo')).toBe('search');
    expect(modeOf(query({ query: 'c-1', queryType: 'conversation' }), 'tempo')).toBe('conversation');
  });

  it('shows a trace ID that a link has put into a copied search as text', () => {
    expect(modeOf(query({ query: '2f3e', queryType: 'traceql', search: { status: 'error' } }), 'tempo')).toBe('trace');
  });

  it('keeps the options and the text of a search when the editor changes', () => {
    const search = query({ query: '{ status = error }', search: { status: 'error' }, history: 'delta' });
    expect(inMode(search, 'trace', 'tempo')).toEqual({
      refId: 'A',
      queryType: 'traceql',
      query: '{ status = error }',
      history: 'delta',
    });
  });

  it('begins a conversation query with no ID', () => {
    expect(inMode(query({ query: '{ }', search: {} }), 'conversation', 'tempo')).toEqual({
      refId: 'A',
      queryType: 'conversation',
      query: '',
    });
  });

  it('begins a search with what the store understands', () => {
    expect(inMode(query({}), 'search', 'tempo')).toMatchObject({ search: {}, query: '{ }' });
    expect(inMode(query({}), 'search', 'jaeger')).toMatchObject({ search: {}, query: '' });
  });
});
