import type { Health } from '@clarity/flags-core';
import type { AlertName, AlertRule, AlertSeverity } from './alert-rules.ts';
import type { CompleteClient } from '../shown-client.ts';

/** An alert whose condition holds at this moment. */
export interface ActiveAlert {
  readonly name: AlertName;
  readonly severity: AlertSeverity;
  /** `pending` until the condition has lasted for `for_seconds`, then `firing`: the words of Prometheus. */
  readonly state: 'pending' | 'firing';
  /** ISO 8601 in UTC: since when the condition is known to hold. */
  readonly active_since: string;
  readonly active_seconds: number;
  readonly for_seconds: number;
  readonly summary: string;
  readonly description: string;
}

const EVENTS = ['ready', 'changed', 'stale', 'fresh', 'error', 'breaker', 'feed', 'rejected'] as const;

/** Follows since when each alert's condition holds in one client. */
export class AlertWatch {
  readonly #client: CompleteClient;
  readonly #rules: (health: Health) => readonly AlertRule[];
  /** Monotonic, so that a wall clock that is set makes no alert older. */
  readonly #since = new Map<AlertName, { readonly ms: number; readonly occasion: string }>();

  constructor(client: CompleteClient, rules: (health: Health) => readonly AlertRule[]) {
    this.#client = client;
    this.#rules = rules;
    // What begins and ends between two looks is noticed when it happens. The client forgets its listeners when it closes.
    for (const event of EVENTS) client.on(event, () => void this.active());
    try {
      // What holds already began before now, and not with the first look.
      this.active();
    } catch {
      // A client that fails is told to whoever asks.
    }
  }

  active(health: Health = this.#client.health()): readonly ActiveAlert[] {
    const nowMs = performance.now();
    const active: ActiveAlert[] = [];
    for (const rule of this.#rules(health)) {
      const { name, severity, holds, forMs, summary, description } = rule;
      if (holds === null) continue;
      if (!holds(health)) {
        this.#since.delete(name);
        continue;
      }
      const occasion = rule.occasion?.(health) ?? '';
      const heldMs = rule.heldMs?.(health) ?? 0;
      const known = this.#since.get(name);
      const sinceMs = Math.min(known?.occasion === occasion ? known.ms : nowMs, nowMs - heldMs);
      this.#since.set(name, { ms: sinceMs, occasion });
      const lastedMs = nowMs - sinceMs;
      active.push({
        name,
        severity,
        state: lastedMs >= forMs ? 'firing' : 'pending',
        active_since: new Date(Date.now() - lastedMs).toISOString(),
        active_seconds: Math.round(lastedMs) / 1000,
        for_seconds: forMs / 1000,
        summary,
        description,
      });
    }
    return active;
  }
}
