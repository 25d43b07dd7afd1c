/** Why a text is no JSON: only looked at once JSON.parse has refused it. In our own words, because every runtime has its own. */
export interface SyntaxFault {
  /**
   * `cut`: what stands there could go on to become JSON. `foreign`: it does not begin like a document. `corrupt`: it goes wrong in the
   * middle. `none`: nothing is wrong, so JSON.parse failed for another reason (nesting).
   */
  readonly kind: 'cut' | 'foreign' | 'corrupt' | 'none';
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly found: string;
}

const SPACE = /[ \t\n\r]*/y;
const TOKEN =
  /[{}[\],:]|"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** What may stand at the end of a text that was cut inside a token. */
const PARTIAL =
  /^(?:"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*(?:\\(?:u[\da-fA-F]{0,3})?)?|-|-?\d+\.|-?\d+(?:\.\d+)?[eE][+-]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/;

/** Reads `text` token by token, with a stack of its own: any depth is safe. */
export function findSyntaxFault(text: string): SyntaxFault {
  // What may come next: a value, a value or `]`, a name, a name or `}`, a colon, or what follows a value.
  let expected: 'value' | 'value]' | 'name' | 'name}' | 'colon' | 'after' = 'value';
  const open: string[] = [];
  let at = 0;
  for (let count = 0; ; count++) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)![0].length;
    const done = expected === 'after' && open.length === 0;
    if (at >= text.length) return fault(done ? 'none' : 'cut');
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return fault(count === 0 ? 'foreign' : PARTIAL.test(text.slice(at)) && !done ? 'cut' : 'corrupt');
    if (count === 0 && token !== '{' && token !== '[') return fault('foreign');
    const first = token[0]!;
    const next = follow(first);
    if (next === undefined) return fault('corrupt');
    expected = next;
    at += token.length;
  }

  function follow(first: string): typeof expected | undefined {
    const inside = open[open.length - 1];
    switch (expected) {
      case 'colon':
        return first === ':' ? 'value' : undefined;
      case 'name':
      case 'name}':
        if (first === '"') return 'colon';
        return first === '}' && expected === 'name}' ? close() : undefined;
      case 'after':
        if (first === ',' && inside !== undefined) return inside === '{' ? 'name' : 'value';
        return (first === '}' && inside === '{') || (first === ']' && inside === '[') ? close() : undefined;
      default:
        if (first === ']' && expected === 'value]') return close();
        if (first === '{' || first === '[') {
          open.push(first);
          return first === '{' ? 'name}' : 'value]';
        }
        return '}],:'.includes(first) ? undefined : 'after';
    }
  }

  function close(): 'after' {
    open.pop();
    return 'after';
  }

  function fault(kind: SyntaxFault['kind']): SyntaxFault {
    const before = text.slice(0, at).split('\n');
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 20)) : 'the end of the text';
    return { kind, line: before.length, column: before[before.length - 1]!.length + 1, found };
  }
}
