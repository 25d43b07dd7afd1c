/**
 * Why a text is no JSON: only looked at once JSON.parse has refused it. In our own words, because every runtime has its
 * own.
 */
export interface SyntaxFault {
  /**
   * `cut`: it ends too early. `foreign`: it does not begin like a document. `corrupt`: it goes wrong in the middle.
   * `none`: nothing is wrong with it, so JSON.parse failed for another reason (nesting).
   */
  readonly kind: 'cut' | 'foreign' | 'corrupt' | 'none';
  /** Line and column, from 1; columns in UTF-16 code units. */
  readonly place: string;
  readonly found: string;
  /** Where in the text. */
  readonly offset: number;
  /** The signs that might have stood there; `v` is any word or number. Empty after the end of the document. */
  readonly expected: string;
}

const TOKEN =
  /[ \t\n\r]*([{}[\],:]|"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|$)/y;
/** What a cut inside a token leaves: an open string, or a word or number at the very end. */
const PARTIAL = /^\s*(?:"[^"\\]*(?:\\[^][^"\\]*)*\\?|[\w.+-]+)$/;
const VALUE = '{["v';

/** Reads `text` token by token, with a stack of its own: any depth is safe. */
export function findSyntaxFault(text: string): SyntaxFault {
  const open: string[] = [];
  // The tokens that may come next, by their first character; `v` is any word or number.
  let expected = '{[';
  for (let at = 0; ; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    const kind = token?.replace(/^[\w-]/, 'v')[0];
    if (kind === undefined || !expected.includes(kind)) {
      const rest = text.slice(at).trimStart();
      const before = text.slice(0, text.length - rest.length).split('\n');
      return {
        kind:
          expected === '{['
            ? 'foreign'
            : expected === ''
              ? rest
                ? 'corrupt'
                : 'none'
              : !rest || PARTIAL.test(rest)
                ? 'cut'
                : 'corrupt',
        place: `line ${before.length}, column ${before.at(-1)!.length + 1}`,
        found: describe(rest),
        offset: text.length - rest.length,
        expected,
      };
    }
    const named = expected.startsWith('"');
    if (kind === '{' || kind === '[') open.push(kind);
    else if (kind === '}' || kind === ']') open.pop();
    const inside = open.at(-1);
    if (kind === '{') expected = '"}';
    else if (kind === '[') expected = `${VALUE}]`;
    else if (kind === ',') expected = inside === '{' ? '"' : VALUE;
    else if (kind === ':') expected = VALUE;
    else if (named && kind === '"') expected = ':';
    else expected = inside ? (inside === '{' ? ',}' : ',]') : '';
  }
}

/**
 * What `rest` begins with: a sign, or the kind and length of what a text holds. It may be a secret that was stored in
 * the wrong place.
 */
function describe(rest: string): string {
  if (rest === '') return 'the end';
  const word = /^[\w+-]+/.exec(rest)?.[0];
  if (word !== undefined) return `a word or number, ${word.length} long`;
  return rest.startsWith('"') ? 'text in quotes' : JSON.stringify(String.fromCodePoint(rest.codePointAt(0)!));
}
