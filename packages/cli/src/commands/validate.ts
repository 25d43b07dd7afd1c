import { decodeDocument, type DecodeResult } from '@clarity/flags-core/document';
import { decodeReading } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { counted } from '../counted.ts';
import { EXIT, type Line, type Outcome } from '../outcome.ts';
import { readStore } from '../read-store.ts';

export async function validate(store: FlagStore, signal: AbortSignal): Promise<Outcome> {
  return judge(decodeReading(await readStore(store, signal), decodeDocument), store.source.name);
}

export interface Verdict extends Outcome {
  readonly value: Readonly<Record<string, unknown>>;
}

/** The verdict on a document: everything that is wrong with it, with its place. */
export function judge(decoded: DecodeResult, name: string): Verdict {
  if (!decoded.ok) {
    const { kind, problems } = decoded;
    const lines: Line[] = problems.map(({ message }) => ({ text: message, tone: 'bad' }));
    return {
      code: EXIT.findings,
      value: { valid: false, kind, problems },
      lines: [{ text: `${name} is not a valid flag document`, tone: 'bad' }, ...lines],
    };
  }
  const { flags, segments = {}, setAside = [] } = decoded.document;
  const counts = `${counted(Object.keys(flags).length, 'flag')}, ${counted(Object.keys(segments).length, 'segment')}`;
  const aside: Line[] = setAside.map(({ flagKey, problem }) => ({
    text: `${flagKey} would be set aside: ${problem.message}`,
    tone: 'doubtful',
  }));
  return {
    code: setAside.length === 0 ? EXIT.ok : EXIT.findings,
    value: { valid: true, flags: Object.keys(flags).length, segments: Object.keys(segments).length, setAside },
    lines: [{ text: `${name} is valid: ${counts}`, tone: 'good' }, ...aside],
  };
}
