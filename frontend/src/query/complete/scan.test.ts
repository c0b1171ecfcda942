import { placeOf } from './scan';

/** Reads the cursor from a `▮` in the query. */
function at(query: string) {
  const cursor = query.indexOf('▮');
  return placeOf(query.replace('▮', ''), cursor);
}

describe('placeOf', () => {
  it.each([
    ['▮', 'start', ''],
    ['{ ▮', 'name', ''],
    ['{ resource.serv▮', 'name', 'resource.serv'],
    ['{ name ▮', 'operator', ''],
    ['{ name =▮', 'value', ''],
    ['{ name = "ch▮', 'value', 'ch'],
    ['{ name = "a b▮', 'value', 'a b'],
    ['{ status = er▮', 'value', 'er'],
    ['{ name = "a" ▮', 'logic', ''],
    ['{ name = "a"▮', 'logic', ''],
    ['{ name = "a" && ▮', 'name', ''],
    ['{ (name = "a" || ▮', 'name', ''],
    ['{ (name = "a") ▮', 'logic', ''],
    ['{ name = "a" } ▮', 'pipe', ''],
    ['{ name = "a" } | ▮', 'stage', ''],
    ['{ name = "}" && ▮', 'name', ''],
    ['{ name = "a" } && { ▮', 'name', ''],
    ['{service_name="a", ▮', 'name', ''],
    ['{service_name=~`a▮', 'value', 'a'],
    ['{ name = "a \\" b" && sta▮', 'name', 'sta'],
    ['{ span."my key" = ▮', 'value', ''],
  ])('%s expects %s', (query, expected, typed) => {
    expect(at(query)).toMatchObject({ expected, typed });
  });

  it('knows the name whose value is typed', () => {
    expect(at('{ span.gen_ai.request.model = "gp▮')).toMatchObject({ name: 'span.gen_ai.request.model', quoted: true });
    expect(at('{ a = 1 && span."my key" = ▮')).toMatchObject({ name: 'span."my key"' });
  });

  it('reads only up to the cursor', () => {
    expect(at('{ na▮me = "a" }')).toMatchObject({ expected: 'name', typed: 'na', from: 2 });
  });

  it('has nothing to say about a trace ID', () => {
    expect(at('2f3e0cee▮')).toMatchObject({ expected: 'start', typed: '2f3e0cee' });
  });
});
