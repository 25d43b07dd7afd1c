import type { BeginSpan } from '../../drivers/parts.ts';
import type { FlagSpan, FlagTracer } from '../../ports/tracer.ts';
import type { Isolate } from './listeners.ts';

/** Spans by a tracer that somebody else wrote. */
export function spansBy(tracer: FlagTracer, isolate: Isolate): BeginSpan {
  return (name, attributes) => {
    let span: FlagSpan | undefined;
    isolate('tracer', () => {
      span = tracer.startSpan(name, { attributes });
    });
    return (problem) =>
      isolate('tracer', () => {
        if (problem !== undefined) span?.setStatus({ code: 2, message: problem });
        span?.end();
      });
  };
}
