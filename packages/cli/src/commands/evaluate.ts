import { decodeDocument, parseInstant } from '@clarity/flags-core/document';
import { createEvaluator, type EvaluationContext } from '@clarity/flags-core/evaluation';
import { explain } from '@clarity/flags-core/explain';
import { decodeReading } from '@clarity/flags-core/adapter-kit';
import type { EvaluationDetails, FlagStore } from '@clarity/flags-core/ports';
import { nearest } from '../nearest.ts';
import { EXIT, type Line, type Outcome, UsageError } from '../outcome.ts';
import { readStore } from '../read-store.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';
import { judgeReading } from '../review/verdict.ts';

export interface EvalOptions {
  readonly context?: string;
  readonly user?: string;
  readonly explain?: boolean;
  readonly at?: string;
}

interface Question extends EvalOptions {
  readonly flag: string;
}

export function performEval(call: Call<EvalOptions>): Promise<Outcome> {
  const [address = '', flag = ''] = call.words;
  return withStore(call, address, (store, within) =>
    within((signal) => evaluate(store, { flag, ...call.options }, signal)),
  );
}

/** What a flag gives for a context, and why. */
async function evaluate(store: FlagStore, question: Question, signal: AbortSignal): Promise<Outcome> {
  const context = readContext(question);
  const atMs = readInstant(question.at);
  const read = await readStore(store, signal);
  const decoded = decodeReading(read, decodeDocument);
  if (!decoded.ok) return judgeReading(read, store.source.name);
  const evaluator = createEvaluator(decoded.document, atMs === undefined ? {} : { now: () => atMs });
  // Details want a fallback of the flag's own type: its value is one.
  const fallback = evaluator.value(question.flag, context, null) ?? false;
  const details = evaluator.details(question.flag, context, fallback);
  const trace = question.explain === true ? explain(evaluator, question.flag, context, { fallback }) : undefined;
  const { value, reason, variant, errorCode, errorMessage, experiment, contextProblems = [] } = details;
  const meant =
    errorCode === 'FLAG_NOT_FOUND' ? nearest(question.flag, Object.keys(decoded.document.flags)) : undefined;
  const because = errorMessage === undefined ? '' : `: ${errorMessage}`;
  const guess = meant === undefined ? '' : `; did you mean ${meant}?`;
  return {
    code: reason === 'ERROR' ? EXIT.findings : EXIT.ok,
    value: { ...details, ...(trace === undefined ? {} : { trace }), ...(meant === undefined ? {} : { meant }) },
    lines: [
      { text: `${question.flag} = ${JSON.stringify(value)}`, tone: reason === 'ERROR' ? 'bad' : 'good' },
      { text: `${reason}${variant === undefined ? '' : `, variant ${variant}`}${because}${guess}`, tone: 'quiet' },
      ...(experiment === undefined ? [] : [{ text: partWords(experiment), tone: 'quiet' as const }]),
      ...contextProblems.map(({ message }): Line => ({ text: `in the context, ${message}`, tone: 'doubtful' })),
      ...(trace === undefined
        ? []
        : [
            { text: trace.summary },
            { text: JSON.stringify(trace.steps, null, 2), tone: 'quiet' as const, isBlock: true },
          ]),
    ],
  };
}

/** `experiment one-page, phase 2: takes no part, held out`. */
function partWords({ id, phase, takesPart, message = '' }: NonNullable<EvaluationDetails<null>['experiment']>): string {
  return `experiment ${id}, phase ${phase}: ${takesPart ? 'takes part' : `takes no part, ${message}`}`;
}

function readContext({ context, user }: Question): EvaluationContext {
  const given: unknown = context === undefined ? {} : parse(context);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UsageError(
      '--context is JSON that is not an object; allowed is one such as {"targetingKey":"u1","country":"CH"}',
    );
  }
  return { ...given, ...(user === undefined ? {} : { targetingKey: user }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--context is text that is not JSON; allowed is JSON such as {"targetingKey":"u1"}');
  }
}

function readInstant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = parseInstant(text);
  if (atMs !== undefined) return atMs;
  throw new UsageError(`--at is ${JSON.stringify(text)}; allowed is an instant with a zone like 2026-12-01T09:00:00Z`);
}
