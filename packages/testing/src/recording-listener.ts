import type { FeedListener, Notice, StoreError } from '@clarity/flags-core/ports';

export type FeedEvent =
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'down'; readonly error: StoreError }
  | { readonly kind: 'up' };

/** A feed listener that keeps what it hears and can be waited for. */
export interface RecordingListener extends FeedListener {
  /** Everything heard so far, oldest first. */
  readonly events: readonly FeedEvent[];
  /**
   * Resolves with the first event of `kind` at or after index `from` (default 0) of `events`. Never rejects: put your
   * own time limit around it.
   */
  heard(kind: FeedEvent['kind'], from?: number): Promise<FeedEvent>;
}

export function recordingListener(): RecordingListener {
  const events: FeedEvent[] = [];
  const waiting = new Set<() => void>();
  const record = (event: FeedEvent): void => {
    events.push(event);
    for (const look of waiting) look();
  };
  return {
    events,
    notice: (notice) => record({ kind: 'notice', notice }),
    down: (error) => record({ kind: 'down', error }),
    up: () => record({ kind: 'up' }),
    heard: (kind, from = 0) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.slice(from).find((event) => event.kind === kind);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
