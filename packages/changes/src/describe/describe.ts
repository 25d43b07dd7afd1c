import { instantOf } from '@clarity/flags-core/definition';
import type { FlagDefinition, Rule, Serve } from '@clarity/flags-core/document';
import { audienceOf } from './condition.ts';
import { dealingWords } from './dealing.ts';
import { type FlagWords, flagWords } from './flag-words.ts';
import { shortMoment } from './moments.ts';
import { namedUsers } from './named-users.ts';
import { ruleName } from './rule.ts';
import { counted, listed, quoted } from './texts.ts';

/** Rules that are told one by one; of more the others are counted. */
const MOST_RULES = 3;
/** The length from which a condition is told by the name of its rule. */
const LONG = 80;

/**
 * What a flag does at a moment (Unix milliseconds), in one line: `25 % of users, and 2 testers`, `on for
 * Switzerland; off else`, `ramps to 100 % by 8 Dec, now 49 %`. English, moments in UTC; users are counted, never named.
 * The flag is one of a decoded document.
 */
export function describe(flag: FlagDefinition, atMs: number): string {
  const read = flagWords(flag);
  const { enabled = true, prerequisites = [], schedule = {} } = read.flag;
  if (!enabled) return read.off === 'off' ? 'off for everybody' : `disabled: ${read.off} for everybody`;
  const needs = prerequisites.map((one) => `${quoted(one.flag)} is ${listed(one.variants.map(quoted), 'or')}`);
  const main = audiences(read, atMs);
  const inner = needs.length === 0 ? main : `if ${listed(needs, 'and')}: ${main}`;
  return scheduled(inner, read.off, schedule, atMs);
}

function scheduled(
  inner: string,
  off: string,
  { onAt, offAt }: { onAt?: string; offAt?: string },
  atMs: number,
): string {
  const [onMs, offMs] = [instantOf(onAt, -Infinity), instantOf(offAt, Infinity)];
  const moment = (ms: number): string => shortMoment(ms, atMs);
  if (atMs >= offMs) return `${off} since ${moment(offMs)}`;
  const begin = atMs < onMs ? `${off} until ${moment(onMs)}, then ` : '';
  if (offMs === Infinity) return begin + inner;
  return inner.includes(';')
    ? `${begin}${inner}; ${off} from ${moment(offMs)}`
    : `${begin}${inner} until ${moment(offMs)}${begin === '' ? `, then ${off}` : ''}`;
}

/** One answer and those who get it: `on`, `for 2 testers`. A share of them has no words apart. */
interface Clause {
  readonly answer: string;
  readonly audience?: string;
}

function audiences(read: FlagWords, atMs: number): string {
  const { flag, word, isShort } = read;
  const named = namedUsers(read);
  const { fallthrough } = flag;
  // The only rule of a short flag sends those without a key to their fallback.
  const rules = isShort ? [] : (flag.rules ?? []);
  const rest = typeof fallthrough === 'object' && fallthrough !== null;
  const isExperiment = rest && 'experiment' in fallthrough;
  if (rules.length === 0 && rest && !isExperiment && named.length < 2 && (named[0]?.answer ?? 'on') === 'on') {
    return [dealingWords(fallthrough, read, atMs), ...named.map(({ count }) => `and ${count}`)].join(', ');
  }
  const told = rules.length > MOST_RULES + 1 ? rules.slice(0, MOST_RULES) : rules;
  const clauses = [
    ...named.map(({ answer, count }): Clause => ({ answer, audience: `for ${count}` })),
    ...told.map((rule, index) => ruleClause(rule, index, read, atMs)),
    ...(told.length < rules.length ? [{ answer: counted(rules.length - told.length, 'more rule') }] : []),
  ];
  if (clauses.length === 0) return rest ? dealingWords(fallthrough, read, atMs) : `${word(fallthrough)} for everybody`;
  return [
    ...joined(clauses),
    rest ? `else ${dealingWords(fallthrough, read, atMs)}` : `${word(fallthrough)} else`,
  ].join('; ');
}

function ruleClause(rule: Rule, index: number, read: FlagWords, atMs: number): Clause {
  const { when, serve } = rule;
  const { after, within } = audienceOf(when);
  const isLong = within.length > LONG;
  const name = ruleName(rule, index);
  if (isDealt(serve)) {
    return { answer: dealingWords(serve, read, atMs, isLong ? `by rule ${name}` : within) };
  }
  return { answer: read.word(serve), audience: isLong ? `by rule ${name}` : after };
}

function isDealt(serve: Serve): serve is Exclude<Serve, string | null> {
  return typeof serve === 'object' && serve !== null;
}

/** Neighbours with the same answer in one: `on for 2 testers and for Switzerland`. */
function joined(clauses: readonly Clause[]): string[] {
  const groups: { readonly answer: string; readonly audiences: string[] }[] = [];
  for (const { answer, audience } of clauses) {
    const last = groups.at(-1);
    if (last?.answer === answer && audience !== undefined && last.audiences.length > 0) last.audiences.push(audience);
    else groups.push({ answer, audiences: audience === undefined ? [] : [audience] });
  }
  return groups.map(({ answer, audiences }) =>
    audiences.length === 0 ? answer : `${answer} ${listed(audiences, 'and')}`,
  );
}
