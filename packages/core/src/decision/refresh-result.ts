import type { Revision } from '../document/revision.ts';
import type { RefreshFailureReason } from './freshness.ts';
import type { Origin } from './origin.ts';

/** What became of a refresh that somebody asked for. */
export type RefreshResult =
  | {
      readonly ok: true;
      /** `changed`: a new document is served. `unchanged`: the served one was verified. */
      readonly outcome: 'changed' | 'unchanged';
      readonly revision: Revision;
      readonly origin: Origin;
    }
  | {
      readonly ok: false;
      readonly reason: RefreshFailureReason;
      /** For people. Holds no secret and no payload. */
      readonly message: string;
      /** When trying again makes sense, in milliseconds from now. */
      readonly retryAfterMs?: number;
    };

/** What a client that is closed answers. */
export const CLOSED = { ok: false, reason: 'closed', message: 'the client is closed' } as const;
