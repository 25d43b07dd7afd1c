import { formatRevision } from '@clarity/flags-core/ports';
import type { FlagStore } from '@clarity/flags-core/ports';
import { EXIT, type Outcome } from '../outcome.ts';
import { readStore } from '../read-store.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';

export interface ShowOptions {
  readonly raw?: boolean;
}

export function performShow(call: Call<ShowOptions>): Promise<Outcome> {
  const { raw = false } = call.options;
  return withStore(call, call.words[0]!, (store, within) => within((signal) => show(store, raw, signal)));
}

async function show(store: FlagStore, raw: boolean, signal: AbortSignal): Promise<Outcome> {
  const { text, revision, publishedAtMs } = await readStore(store, signal);
  if (raw) return { code: EXIT.ok, value: text, lines: [], raw: text };
  const published = publishedAtMs === undefined ? null : new Date(publishedAtMs).toISOString();
  const document = parsed(text);
  return {
    code: EXIT.ok,
    value: {
      store: store.source.name,
      revision,
      expect: formatRevision(revision),
      published,
      document: document ?? text,
    },
    lines: [
      {
        text: `revision ${formatRevision(revision)}${published === null ? '' : `, published ${published}`}`,
        tone: 'quiet',
      },
      { text: document === undefined ? text : JSON.stringify(document, null, 2), isBlock: true },
    ],
  };
}

/** Undefined for text that is not JSON: it is shown as it stands. */
function parsed(text: string): unknown {
  try {
    // Without the byte-order mark that some editors write.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
