// Publisher and follower over one Postgres: ours, and what one would write by hand with pg.
import { postgresStore } from '@clarity/flags-postgres';
import type { Revision } from '@clarity/flags-core/ports';
import { Client } from 'pg';
import { WATCHED } from './document.ts';
import { type Follower, followStore } from './follower.ts';
import type { Pair } from './one-follower.ts';

const never = new AbortController().signal;

/** By compare-and-set on top of what was published last; checked, hashed, remembered and announced. */
export async function postgresWithOurs(url: string, text: string): Promise<Pair> {
  const store = postgresStore({ url });
  await store.setup.run({}, never);
  let revision: Revision = await store.publisher.restore(text, never);
  return {
    publishing: {
      publish: async (next) => {
        revision = await store.publisher.publish(next, revision, never);
      },
      close: () => store.close(),
    },
    follower: await followStore(store),
  };
}

interface Parsed {
  readonly flags: Readonly<Record<string, { readonly status: string }>>;
}

/**
 * `UPDATE` and `NOTIFY` in one transaction; and at each notification `SELECT` and `JSON.parse`. It checks nothing and
 * never catches up on a missed notification.
 */
export async function postgresByHand(url: string): Promise<Pair> {
  const [publisher, listener, reader] = [1, 2, 3].map(() => new Client({ connectionString: url })) as [
    Client,
    Client,
    Client,
  ];
  await Promise.all([publisher.connect(), listener.connect(), reader.connect()]);
  await publisher.query("CREATE TABLE raw (id int PRIMARY KEY, doc text); INSERT INTO raw VALUES (1, '{}')");
  const follower: Follower = {
    onFlip: () => undefined,
    close: async () => void (await Promise.all([listener.end(), reader.end()])),
  };
  // An application answers from it until the next change.
  let served: Parsed | undefined;
  const refresh = async (): Promise<void> => {
    const { rows } = await reader.query<{ doc: string }>('SELECT doc FROM raw WHERE id = 1');
    served = JSON.parse(rows[0]?.doc ?? '{}') as Parsed;
    follower.onFlip(served.flags[WATCHED]?.status === 'enabled');
  };
  listener.on('notification', () => void refresh());
  await listener.query('LISTEN raw_changed');
  return {
    publishing: {
      publish: async (text) => {
        await publisher.query(
          `WITH written AS (UPDATE raw SET doc = $1 WHERE id = 1 RETURNING 1) SELECT pg_notify('raw_changed', '') FROM written`,
          [text],
        );
      },
      close: () => publisher.end(),
    },
    follower,
  };
}
