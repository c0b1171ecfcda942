/**
 * Reads a TraceQL or LogQL query up to the cursor, just far enough to say what may come next. It is no parser: half a
 * query is its normal input.
 */
export type Expected =
  | 'start' // nothing but blanks so far
  | 'name'
  | 'operator'
  | 'value'
  | 'logic' // a whole condition stands before the cursor
  | 'pipe' // outside braces, after a selector
  | 'stage'; // after a pipe

export interface Place {
  expected: Expected;
  /** What was typed of the thing that is expected, and where it begins. */
  typed: string;
  from: number;
  /** Name and operator of the condition the cursor is in. */
  name: string;
  /** `typed` is inside quotes, which `from` includes. */
  quoted: boolean;
}

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*("?)|`[^`]*(`?)|&&|\|\||=~|!~|!=|>=|<=|>>|<<|\|=|\|~|[{}()|,=<>!~]|(?:[^\s"`{}()|,=<>!~&]|"(?:[^"\\]|\\.)*")+|&/gy;

const OPERATORS = new Set(['=', '!=', '=~', '!~', '>', '<', '>=', '<=']);
const NEXT_CONDITION = new Set(['&&', '||', '(', ',', '!']);

interface Token {
  word: string;
  from: number;
  open: boolean; // a string without its closing quote
}

function tokensBefore(text: string, cursor: number): Token[] {
  const tokens: Token[] = [];
  const before = text.slice(0, cursor);
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(before); match; match = TOKEN.exec(before)) {
    const open = match[1] === '' || match[2] === '';
    tokens.push({ word: match[0], from: match.index, open });
  }
  return tokens;
}

/** Where the cursor is. Undefined in the middle of something that cannot be completed. */
export function placeOf(text: string, cursor: number): Place | undefined {
  let expected: Expected = 'start';
  let name = '';
  let depth = 0;

  const tokens = tokensBefore(text, cursor);
  const last = tokens[tokens.length - 1];
  const isBlank = (token: Token) => !token.word.trim();
  const isText = (token: Token) => /^["`]|^[^\s{}()|,=<>!~&]/.test(token.word);
  // The token that touches the cursor is still being typed, unless it is a sign or a closed string.
  const typing = last && isText(last) && !(/^["`]/.test(last.word) && !last.open) ? last : undefined;

  for (const token of tokens) {
    if (isBlank(token) || token === typing) {
      continue;
    }
    const { word } = token;
    if (word === '{') {
      depth++;
      expected = 'name';
    } else if (word === '}') {
      depth = Math.max(0, depth - 1);
      expected = 'pipe';
    } else if (depth === 0) {
      expected = word === '|' ? 'stage' : isText(token) && expected === 'start' ? 'start' : 'pipe';
    } else if (NEXT_CONDITION.has(word)) {
      expected = 'name';
    } else if (OPERATORS.has(word)) {
      expected = 'value';
    } else if (isText(token)) {
      if (expected === 'name') {
        name = word;
      }
      expected = expected === 'name' ? 'operator' : 'logic';
    } else if (word === ')') {
      expected = 'logic';
    }
  }

  if (!typing) {
    return { expected, typed: '', from: cursor, name, quoted: false };
  }
  if (expected === 'operator' || expected === 'logic') {
    return undefined;
  }
  const quoted = /^["`]/.test(typing.word);
  return { expected, typed: quoted ? typing.word.slice(1) : typing.word, from: typing.from, name, quoted };
}
