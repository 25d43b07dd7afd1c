import { scriptedSource, type ScriptedSource, type SourceStep, sourceSteps } from '@clarity/flags-testing';

export interface ScriptedFlags {
  readonly source: ScriptedSource;
  /** What the next read finds. */
  put(flags: Readonly<Record<string, unknown>>): void;
}

/** A store that holds these flags, or is down without any. */
export function scriptedFlags(flags: Readonly<Record<string, unknown>> | undefined): ScriptedFlags {
  let version = 0;
  const holding = (held: Readonly<Record<string, unknown>>): SourceStep =>
    sourceSteps.document(JSON.stringify({ schemaVersion: 1, flags: held }), { epoch: 1, version: ++version });
  const source = scriptedSource([
    flags === undefined ? sourceSteps.fail('unavailable', { retryable: false }) : holding(flags),
  ]);
  return { source, put: (next) => source.push(holding(next)) };
}
