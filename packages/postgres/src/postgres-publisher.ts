import { assertPublishable, CallScope, checkedMaxBytes, EpochFloor } from '@clarity/flags-core/adapter-kit';
import { type FlagPublisher, isStoreError, type PublishedRevision } from '@clarity/flags-core/ports';
import { createHash, randomUUID } from 'node:crypto';
import type { DocumentOptions, PostgresOptions } from './postgres-options.ts';
import { type Publication, publishIn } from './publication.ts';
import { MOST_BYTES, resolvePostgres } from './resolve-postgres.ts';
import type { Session } from './session.ts';
import { sessionsOf } from './sessions.ts';
import { IDENTITY_RIGHTS, type IdentityRights } from './statements.ts';

export type PostgresPublisherOptions = PostgresOptions &
  DocumentOptions & {
    /** Accept a document without flags. Default false: it is nearly always an accident. */
    readonly allowEmpty?: boolean;
  };

/**
 * Publishes by compare-and-set: one transaction compares the revision, writes and announces, so of several publishers
 * one wins and readers see the old document or the new one. Each publication takes a new epoch, from the server's clock
 * and above every one that this publisher was told, so that clients adopt it also after the server lost what it held
 * (F90). What it notices of such a loss comes back as `warnings` of the revision.
 *
 * Rejects with `conflict`, `invalid` (not a flag document; tables of a newer release), `not-found` (no tables),
 * `too-large`, `unauthorized`, `unavailable` or `timeout`. After the last two, or an abort, the document may have been
 * written: read before trying again.
 *
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function postgresPublisher(options: PostgresPublisherOptions): FlagPublisher {
  const resolved = resolvePostgres(options);
  const { name, layout } = resolved;
  const { allowEmpty = false } = options;
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const attempt = `publish to ${layout.place}`;
  const sessions = sessionsOf(resolved, attempt);
  const scope = new CallScope(`the Postgres publisher ${name}`);
  const floor = new EpochFloor();
  let rights: IdentityRights | undefined;
  // Those of one process take turns: they would only wait for each other in the server.
  let last: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = last;
    const mine = before.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function write(
    text: string,
    expected: Publication['expected'],
    signal: AbortSignal,
  ): Promise<PublishedRevision> {
    assertPublishable(text, layout.place, expected, { maxBytes, allowEmpty });
    floor.told(expected, Date.now());
    const sent = { layout, text, hash: createHash('sha256').update(text).digest('hex'), expected, id: randomUUID() };
    return inTurn(async () => {
      signal.throwIfAborted();
      const wallMs = Date.now();
      try {
        const published = await sessions.run(async (session) => {
          rights ??= await rightsOf(session);
          return publishIn(session, { ...sent, wallMs, floorEpoch: floor.epoch, rights });
        }, signal);
        floor.told(published, wallMs);
        return published;
      } catch (error) {
        if (isStoreError(error)) floor.told(error.revision, wallMs);
        throw error;
      }
    });
  }

  return {
    name,
    guarantee: 'compare-and-set',
    publish: (text, expected, signal) => scope.run(attempt, signal, (ending) => write(text, expected, ending)),
    restore: (text, signal) => scope.run(`restore ${layout.place}`, signal, (ending) => write(text, 'any', ending)),
    close: () => {
      scope.close();
      return sessions.close();
    },
  };
}

async function rightsOf(session: Session): Promise<IdentityRights> {
  const [row] = await session.query(IDENTITY_RIGHTS);
  return { system: row?.['system'] === 'true', timeline: row?.['timeline'] === 'true' };
}
