import { findSyntaxFault } from '@clarity/flags-core/document';

interface SyntaxAdvice {
  /** Where what is to be changed stands, which may be inside the token that cannot be read. */
  readonly offset: number;
  readonly advice: string;
}

/** What to type so that a text becomes JSON. */
export function syntaxAdvice(text: string): SyntaxAdvice {
  if (text.trim() === '') return { offset: 0, advice: 'write a document; clarity-flags init makes one' };
  const { offset, expected, kind } = findSyntaxFault(text);
  const rest = text.slice(offset);
  if (kind === 'foreign') return { offset, advice: foreignAdvice(rest) };
  if (rest === '') return { offset, advice: cutAdvice(text) };
  const sign = String.fromCodePoint(rest.codePointAt(0)!);
  // `5,5`, where a name is expected.
  if (expected.startsWith('"') && /\d,$/.test(text.slice(0, offset)) && /^\d/.test(rest))
    return { offset: offset - 1, advice: 'write a dot, not a comma, within a number' };
  if (rest.startsWith('"') && expected.includes('"')) return stringAdvice(text, offset);
  return { offset, advice: signAdvice(sign, rest, expected, text.slice(0, offset).trimEnd()) };
}

const WITHOUT_COMMENTS = 'JSON has no comments: take it out, or write it as a "description"';

function foreignAdvice(rest: string): string {
  if (rest.startsWith('<')) return 'this is a page or XML, not JSON: look at what was saved, or at what answers there';
  if (/^(?:\/[/*]|#)/.test(rest)) return WITHOUT_COMMENTS;
  if (/^(?:---|[\w$]+:\s)/.test(rest)) return 'this looks like YAML: write JSON, {"schemaVersion": 1, "flags": {…}}';
  return 'begin with {"schemaVersion": 1, "flags": {…}}';
}

/** Which brackets are still open, from the inside out. */
function cutAdvice(text: string): string {
  const open: string[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[^])*"|[[\]{}]/g)) {
    if (token === '{') open.unshift('}');
    else if (token === '[') open.unshift(']');
    else if (token === '}' || token === ']') open.shift();
  }
  const missing = open.slice(0, 20).join('');
  return `the text ends too early: add what is missing, and close with ${JSON.stringify(missing)}`;
}

/** A text in quotes that JSON does not take. */
function stringAdvice(text: string, start: number): SyntaxAdvice {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '"') break;
    if (sign === '\n' || sign === '\r')
      return { offset: at, advice: 'a text ends on its line: add a double quote here, or write \\n for a line break' };
    if (sign === '\t') return { offset: at, advice: 'write \\t for a tab' };
    if (sign < ' ') return { offset: at, advice: 'take this control character out' };
    if (sign !== '\\') continue;
    if (!/^\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/.test(text.slice(at, at + 6)))
      return { offset: at, advice: 'write two backslashes here, \\\\: JSON takes one away' };
    at++;
  }
  return { offset: start, advice: 'end the text with a double quote' };
}

/** Words of other languages for what JSON calls otherwise. */
const VALUES: Readonly<Record<string, string>> = {
  true: 'true',
  yes: 'true',
  on: 'true',
  false: 'false',
  no: 'false',
  off: 'false',
  none: 'null',
  nil: 'null',
  null: 'null',
  undefined: 'null',
  nan: 'null',
};

function signAdvice(sign: string, rest: string, expected: string, before: string): string {
  if (/^(?:\/[/*]|#)/.test(rest)) return WITHOUT_COMMENTS;
  if (/^['`‘’“”„«»]/.test(sign)) return 'write straight double quotes, "';
  const isClosing = sign === '}' || sign === ']';
  if (before.endsWith(',') && isClosing) return `take away the comma before ${sign}`;
  if (before.endsWith(',') && sign === ',') return 'take away one of the two commas';
  if (expected === '') return 'take away what stands after the end of the document';
  if (expected === ':') return sign === '=' ? 'write a colon, :, in place of =' : 'put a colon, :, after the name';
  const word = /^[\w$.+-]+/.exec(rest)?.[0] ?? '';
  if (expected.startsWith('"'))
    return `put the name in double quotes${/^[a-z_]\w{0,49}$/i.test(word) ? `: "${word}"` : ''}`;
  if (expected.startsWith(',')) {
    if (sign === '%') return 'write the number alone, without %';
    if (isClosing) return `write ${expected[1]} before ${sign}: what is open is closed in turn`;
    if (/^[\w.]+/.test(rest) && /[\d.]$/.test(before)) return NUMBERS;
    // The text before it may have ended too early, at a quote of its own.
    const isWord = before.endsWith('"') && sign !== '"';
    return `put a comma before it${isWord ? ', or, where the quote before it belongs to the text, \\" in its place' : ''}`;
  }
  const value = VALUES[word.toLowerCase()];
  if (value !== undefined) return `write ${value}`;
  if (/^[+.\d-]/.test(word)) return NUMBERS;
  if (isClosing || sign === ',') return 'a value is missing before it';
  return 'put text in double quotes';
}

const NUMBERS = 'write a number such as 25, 0.5 or -3: without plus, leading zeros, or a dot at an end';
