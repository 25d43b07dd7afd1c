import { describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import type { Hook } from '@clarity/flags-core/ports';
import { type ContextIdOption, contextIdReader } from './context-id.ts';
import { type EvaluationEvent, evaluationEvent } from './evaluation-event.ts';

/** Takes events: a `Logger` of OpenTelemetry (`@opentelemetry/api`, `@opentelemetry/api-logs`), or `otlpEvents()`. */
export interface EventLogger {
  emit(event: EvaluationEvent): void;
  /** Where it says no, the event is not made. */
  enabled?(options: { readonly eventName: string }): boolean;
}

export interface OpenTelemetryHookOptions {
  readonly logger: EventLogger;
  /**
   * Sends who the flag was evaluated for as `feature_flag.context.id`: `{ hashKey }` a hash under that key, `'plain'`
   * the targeting key as it is. Default: nothing of it.
   */
  readonly contextId?: ContextIdOption;
  /** `feature_flag.set.id`: which set of flags, where there are several. Default none. */
  readonly setId?: string;
  /** `feature_flag.provider.name`. Default `clarity-flags`. */
  readonly providerName?: string;
  /**
   * Sends values also where a variant stands for them. Without a variant the convention asks for the value. Default
   * false.
   */
  readonly values?: boolean;
}

/**
 * A hook that records each evaluation as OpenTelemetry's event `feature_flag.evaluation`: give it to the client among
 * `hooks`. Events are emitted at once, so a logger of the OpenTelemetry SDK puts them into the trace of the moment. No
 * attribute of the context goes along.
 *
 * @throws TypeError for an option that cannot be used
 */
export function openTelemetryHook(options: OpenTelemetryHookOptions): Required<Pick<Hook, 'finally'>> {
  requireOptions(options, 'openTelemetryHook', '{ logger }');
  const { logger, setId, providerName = 'clarity-flags', values = false } = options;
  const given: unknown = logger;
  if (typeof given !== 'object' || given === null || typeof logger.emit !== 'function') {
    throw new TypeError(
      `logger is ${describeOption(given)}; allowed is what has an emit(): logs.getLogger('…') of OpenTelemetry, or otlpEvents({ url })`,
    );
  }
  const contextId = contextIdReader(options.contextId);
  return {
    finally: (asked, details) => {
      if (logger.enabled?.({ eventName: 'feature_flag.evaluation' }) === false) return;
      const facts = { providerName, setId, values, contextId: idOf(asked.context), nowMs: Date.now() };
      logger.emit(evaluationEvent(asked, details, facts));
    },
  };

  /** A context may throw when it is read: then the event goes without. */
  function idOf(context: Parameters<typeof contextId>[0]): string | undefined {
    try {
      return contextId(context);
    } catch {
      return undefined;
    }
  }
}
