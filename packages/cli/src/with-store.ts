import type { FlagStore } from '@clarity/flags-core/ports';
import { deadline } from './deadline.ts';
import { slowly } from './slowly.ts';
import type { Call } from './verb.ts';

/** Asks a store something under the time that the call allows, counted anew with each question. */
export type Within = <T>(ask: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/**
 * Connects the store at an address, and closes it afterwards. What people are asked in between costs no time of the
 * store.
 */
export async function withStore<T>(
  call: Call,
  address: string,
  use: (store: FlagStore, within: Within) => Promise<T>,
): Promise<T> {
  const { connect } = await import('@clarity/flags-node');
  const { variables, interrupted } = call.around;
  const store = await connect(address, { variables });
  const within: Within = async (ask) => {
    const { signal, clear } = deadline(call.timeoutMs, interrupted);
    const settled = slowly(call, store.source.name);
    try {
      return await ask(signal);
    } finally {
      settled();
      clear();
    }
  };
  try {
    return await use(store, within);
  } finally {
    await store.close();
  }
}
