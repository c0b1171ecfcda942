export type ListName = 'tags' | 'tag-values' | 'services' | 'operations' | 'log-labels' | 'log-label-values';

type Params = Record<string, string>;
type Fetch = (path: string, params: Params) => Promise<{ values?: string[] | null }>;

const KEPT_MS = 60_000;

/**
 * The plugin's lists of names and values (docs/resources.md), each asked for once a minute at most: completion reads
 * them on every key without a request. A list that cannot be had is empty, and is asked for again next time.
 */
export class Lists {
  private readonly kept = new Map<string, { since: number; values: Promise<string[]> }>();

  constructor(
    private readonly fetch: Fetch,
    private readonly now: () => number = Date.now
  ) {}

  get(path: ListName, params: Params = {}): Promise<string[]> {
    const key = `${path}?${new URLSearchParams(params)}`;
    const found = this.kept.get(key);
    if (found && this.now() - found.since < KEPT_MS) {
      return found.values;
    }
    const values = this.fetch(path, params).then(
      (answer) => answer?.values ?? [],
      () => {
        this.kept.delete(key);
        return [];
      }
    );
    this.kept.set(key, { since: this.now(), values });
    return values;
  }
}
