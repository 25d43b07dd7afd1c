// Which paths of this repository a Markdown document mentions, as links, in backticks and in shell lines. Pure.

/** Folders at the root whose name makes a mention a path of ours. */
const rooms = ['packages', 'examples', 'tests', 'scripts', 'docs', 'bench', '.ci', '.changeset'];
const rooted = new RegExp(`^(?:\\./)?(?:${rooms.map((room) => room.replace('.', '\\.')).join('|')})(?:/|$)`);
const atRoot =
  /^(?:[A-Z][A-Z-]+\.md|LICENSE|pnpm-[a-z]+\.yaml|tsconfig[a-z.]*\.json|turbo\.json|knip\.json|vitest\.config\.ts|tsup\.config\.base\.ts)$/;
const inside = /^[\w.@-]+(?:\/[\w.@-]+)+\.(?:ts|mjs|cjs|json|md|yaml)$/;

/**
 * @typedef {{ path: string, line: number, from: 'root' | 'document' | 'anywhere' }} Mention
 * `from` says where the path starts: at the root, beside the document (a link), or in some folder of the repository.
 */

/**
 * @param {string} markdown
 * @param {{ loose?: boolean }} [options] `loose` also takes `folder/file.ts` in backticks for the end of some path of
 * ours.
 * @returns {Mention[]}
 */
export function mentionedPaths(markdown, options = {}) {
  /** @type {Mention[]} */
  const mentions = [];
  let fence = '';
  markdown.split('\n').forEach((text, index) => {
    const line = index + 1;
    const mark = /^\s*(```+|~~~+)/.exec(text)?.[1];
    if (mark !== undefined && (fence === '' || mark.startsWith(fence))) {
      fence = fence === '' ? mark : '';
      return;
    }
    if (fence !== '') {
      for (const word of text.split(/[\s'"`()]+/)) {
        const path = tidy(word);
        if (path !== undefined && rooted.test(path) && /\.\w+$/.test(path)) mentions.push({ path, line, from: 'root' });
      }
      return;
    }
    for (const [, code = ''] of text.matchAll(/`([^`]+)`/g)) {
      for (const word of code.split(/\s+/)) {
        const path = tidy(word);
        if (path === undefined) continue;
        if (rooted.test(path) || atRoot.test(path)) mentions.push({ path, line, from: 'root' });
        else if (options.loose && inside.test(path)) mentions.push({ path, line, from: 'anywhere' });
      }
    }
    for (const [, target = ''] of text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(\s*<?([^)\s>]+)/g)) {
      if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('#')) continue;
      mentions.push({ path: decodeURI(target.split('#')[0] ?? ''), line, from: 'document' });
    }
  });
  return mentions;
}

/**
 * Without line number and punctuation; nothing for a pattern, a placeholder or what a build makes.
 *
 * @param {string} word
 */
function tidy(word) {
  const path = word
    .replace(/^\.\//, '')
    .replace(/(?::\d+)+$/, '')
    .replace(/[.,;:]+$/, '');
  if (path === '' || /[*<>{}$|…]/.test(path) || /(?:^|\/)(?:dist|node_modules|coverage)(?:\/|$)/.test(path))
    return undefined;
  return path;
}
