import { Place } from './scan';

export interface Suggestion {
  label: string;
  insert: string;
  detail?: string;
}

export interface Completion {
  from: number;
  to: number;
  items: Suggestion[];
}

/** What could be typed at the cursor. Resolves without a request when the lists it needs are kept. */
export type Completer = (text: string, cursor: number) => Promise<Completion | undefined>;

const SHOWN = 100;

/** The suggestions that match what was typed, those that begin with it first. */
export function matching(text: string, cursor: number, place: Place, all: Suggestion[]): Completion | undefined {
  const typed = place.typed.toLowerCase();
  const found = all.filter(({ label }) => label.toLowerCase().includes(typed));
  const begins = ({ label }: Suggestion) => (label.toLowerCase().startsWith(typed) ? 0 : 1);
  const items = found.sort((a, b) => begins(a) - begins(b)).slice(0, SHOWN);
  // What is completed already needs no list.
  if (items.length === 0 || (items.length === 1 && items[0].insert === text.slice(place.from, cursor))) {
    return undefined;
  }
  // A closing quote right behind the cursor is part of what is replaced.
  const to = place.quoted && text[cursor] === text[place.from] ? cursor + 1 : cursor;
  return { from: place.from, to, items };
}

export const plain = (words: string[], detail?: string): Suggestion[] =>
  words.map((word) => ({ label: word, insert: word, detail }));

export const quote = (value: string) => `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
