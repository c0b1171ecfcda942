import { Lists } from './lists';

describe('Lists', () => {
  it('asks once a minute for the same list', async () => {
    let now = 0;
    const fetch = jest.fn().mockResolvedValue({ values: ['a'] });
    const lists = new Lists(fetch, () => now);

    await lists.get('tag-values', { tag: 'name' });
    now = 59_000;
    expect(await lists.get('tag-values', { tag: 'name' })).toEqual(['a']);
    expect(fetch).toHaveBeenCalledTimes(1);

    now = 60_000;
    await lists.get('tag-values', { tag: 'name' });
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('keeps lists with other parameters apart', async () => {
    const fetch = jest.fn().mockImplementation((_, { tag }) => Promise.resolve({ values: [tag] }));
    const lists = new Lists(fetch);

    expect(await lists.get('tag-values', { tag: 'a' })).toEqual(['a']);
    expect(await lists.get('tag-values', { tag: 'b' })).toEqual(['b']);
  });

  it('is empty when the list cannot be had, and asks again next time', async () => {
    const fetch = jest
      .fn()
      .mockRejectedValueOnce(new Error('502'))
      .mockResolvedValueOnce({ values: ['a'] });
    const lists = new Lists(fetch);

    expect(await lists.get('tags')).toEqual([]);
    expect(await lists.get('tags')).toEqual(['a']);
  });

  it('takes a missing list for an empty one', async () => {
    const lists = new Lists(jest.fn().mockResolvedValue({ values: null }));
    expect(await lists.get('tags')).toEqual([]);
  });
});
