import type { Health } from '@clarity/flags-core';
import { type AlertName, type AlertRule, alertRules, type AlertSeverity } from './alert-rules.ts';
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
  readonly runbook_url: string;
}

const EVENTS = [
  'ready',
  'changed',
  'stale',
  'fresh',
  'error',
  'breaker',
  'feed',
  'rejected',
  'store.lost-writes',
] as const;

/**
 * Since when each condition holds, and which occasion of it that is. Monotonic: a wall clock that is set makes no alert
 * older.
 */
type Beginnings = Map<AlertName, { readonly ms: number; readonly occasion: string }>;

/** One a client, so that handlers which come and go leave no listeners behind. */
const followed = new WeakMap<CompleteClient, Beginnings>();

/** Follows since when each alert's condition holds in one client, whose other watches share what they find. */
export class AlertWatch {
  readonly #client: CompleteClient;
  readonly #rules: (health: Health) => readonly AlertRule[];
  readonly #since: Beginnings;

  constructor(client: CompleteClient, rules: (health: Health) => readonly AlertRule[]) {
    this.#client = client;
    this.#rules = rules;
    this.#since = follow(client);
  }

  active(health: Health = this.#client.health()): readonly ActiveAlert[] {
    return activeAmong(this.#rules(health), health, this.#since);
  }
}

/** The conditions do not depend on a handler's options, only how long each must last does. */
function follow(client: CompleteClient): Beginnings {
  const known = followed.get(client);
  if (known !== undefined) return known;
  const since: Beginnings = new Map();
  const look = (): void => {
    const health = client.health();
    activeAmong(alertRules(health), health, since);
  };
  // What begins and ends between two looks is noticed when it happens. The client forgets its listeners when it closes.
  for (const event of EVENTS) client.on(event, look);
  followed.set(client, since);
  try {
    // What holds already began before now, and not with the first look.
    look();
  } catch {
    // A client that fails is told to the caller who asks.
  }
  return since;
}

function activeAmong(rules: readonly AlertRule[], health: Health, beginnings: Beginnings): readonly ActiveAlert[] {
  const nowMs = performance.now();
  const active: ActiveAlert[] = [];
  for (const rule of rules) {
    const { name, severity, holds, forMs, summary, description, runbookUrl } = rule;
    if (holds === null) continue;
    if (!holds(health)) {
      beginnings.delete(name);
      continue;
    }
    const occasion = rule.occasion?.(health) ?? '';
    const heldMs = rule.heldMs?.(health) ?? 0;
    const known = beginnings.get(name);
    const sinceMs = Math.min(known?.occasion === occasion ? known.ms : nowMs, nowMs - heldMs);
    beginnings.set(name, { ms: sinceMs, occasion });
    const lastedMs = nowMs - sinceMs;
    if (lastedMs >= (rule.toldForMs ?? Number.POSITIVE_INFINITY)) continue;
    active.push({
      name,
      severity,
      state: lastedMs >= forMs ? 'firing' : 'pending',
      active_since: new Date(Date.now() - lastedMs).toISOString(),
      active_seconds: Math.round(lastedMs) / 1000,
      for_seconds: forMs / 1000,
      summary,
      description,
      runbook_url: runbookUrl,
    });
  }
  return active;
}
