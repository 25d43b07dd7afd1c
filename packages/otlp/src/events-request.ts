import { type KeyValue, keyValues } from './any-value.ts';
import type { EvaluationEvent } from './evaluation-event.ts';

/**
 * The JSON form of an ExportLogsServiceRequest: OpenTelemetry protocol 1.5 or later,
 * opentelemetry/proto/collector/logs/v1.
 */
export interface EventsRequest {
  readonly resourceLogs: readonly [
    {
      readonly resource: { readonly attributes: readonly KeyValue[] };
      readonly scopeLogs: readonly [
        { readonly scope: { readonly name: string }; readonly logRecords: readonly EventRecord[] },
      ];
    },
  ];
}

interface EventRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly eventName: string;
  readonly attributes: readonly KeyValue[];
}

export function eventsRequest(events: readonly EvaluationEvent[], resource: readonly KeyValue[]): EventsRequest {
  return {
    resourceLogs: [
      {
        resource: { attributes: resource },
        scopeLogs: [{ scope: { name: '@clarity/flags-core' }, logRecords: events.map(recordOf) }],
      },
    ],
  };
}

function recordOf({ eventName, timestamp, attributes }: EvaluationEvent): EventRecord {
  const nanos = `${BigInt(Math.round(timestamp)) * 1_000_000n}`;
  return { timeUnixNano: nanos, observedTimeUnixNano: nanos, eventName, attributes: keyValues(attributes) };
}
