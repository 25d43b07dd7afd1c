import { describe, expect, it, onTestFinished } from 'vitest';
import { createFlagClient, type FlagTracer } from '../../src/index.ts';
import { fails, holds, scriptedSource } from '../support/scripted-source.ts';

interface Kept {
  readonly name: string;
  readonly attributes: object | undefined;
  status?: object;
  ended: number;
}

function keeping(): { readonly tracer: FlagTracer; readonly spans: Kept[] } {
  const spans: Kept[] = [];
  return {
    spans,
    tracer: {
      startSpan(name, options) {
        const span: Kept = { name, attributes: options?.attributes, ended: 0 };
        spans.push(span);
        return { setStatus: (status) => (span.status = status), end: () => void (span.ended += 1) };
      },
    },
  };
}

const options = { variables: false, logLevel: 'silent', refreshMode: 'none' } as const;

describe('the option tracer', () => {
  it('gets a span around each refresh that is asked for and each read, which say what went wrong', async () => {
    const { tracer, spans } = keeping();
    const source = scriptedSource(holds(1));
    const flags = createFlagClient({ ...options, source, tracer });
    onTestFinished(() => flags.close());
    await flags.ready();
    expect(spans).toEqual([{ name: 'flags.read', attributes: { 'flags.source': 'store' }, ended: 1 }]);
    source.behaviour = fails('unauthorized');
    const result = await flags.refresh({ force: true });
    expect(spans.slice(1)).toEqual([
      {
        name: 'flags.refresh',
        attributes: { 'flags.force': true },
        ended: 1,
        status: { code: 2, message: !result.ok && result.message },
      },
      {
        name: 'flags.read',
        attributes: { 'flags.source': 'store' },
        ended: 1,
        status: { code: 2, message: 'store is unauthorized' },
      },
    ]);
  });

  it('has no span left open when the client is closed', async () => {
    const { tracer, spans } = keeping();
    const flags = createFlagClient({ ...options, source: scriptedSource({ kind: 'hangs' }), tracer });
    const asked = flags.refresh();
    await flags.close();
    await asked;
    expect(spans.map(({ name, ended, status }) => [name, ended, status !== undefined])).toEqual([
      ['flags.read', 1, true],
      ['flags.refresh', 1, true],
    ]);
  });

  it('F45 may throw at every turn: that is counted, and stops nothing', async () => {
    const broken = (): never => {
      throw new TypeError('mine');
    };
    const source = scriptedSource(holds(1));
    const tracers = [
      { startSpan: broken },
      { startSpan: () => ({ setStatus: broken, end: broken }) },
      { startSpan: () => undefined as never },
    ];
    const counted: number[] = [];
    for (const tracer of tracers) {
      const flags = createFlagClient({ ...options, source, tracer });
      await flags.ready();
      expect((await flags.refresh()).ok).toBe(true);
      expect(flags.isEnabled('a')).toBe(true);
      counted.push(flags.health().isolated_errors);
      await flags.close();
    }
    expect(counted).toEqual([3, 3, 0]);
  });

  it('is refused by name when it is none', () => {
    const tracer = {} as FlagTracer;
    expect(() => createFlagClient({ ...options, source: scriptedSource(holds(1)), tracer })).toThrow(
      /tracer is an object without `startSpan`; allowed is a tracer of OpenTelemetry/,
    );
  });
});
