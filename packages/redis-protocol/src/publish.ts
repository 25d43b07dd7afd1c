/** Publishing to Redis: one script compares, announces and writes, so that no other command comes between. */
import { type CountedRevision, formatRevision, isCounted, type Revision } from '@clarity/flags-core/ports';
import { isLost, LOST_WRITES_REMEDY } from '@clarity/flags-core/adapter-kit';
import { publishWarnings } from '@clarity/flags-core/adapter-kit';
import type { PublishedRevision, PublishWarning } from '@clarity/flags-core/ports';
import { ancestorOf } from './meta.ts';
import { type RedisLayout, sha256, wholeNumber } from './layout.ts';
import { redisRecord } from './record.ts';
import { redisNoticeHead, type RedisNoticeScope } from './notice.ts';
import { StoreError } from '@clarity/flags-core/ports';

export interface RedisPublication {
  readonly layout: RedisLayout;
  readonly scope: RedisNoticeScope;
  readonly text: string;
  /** SHA-256 of the text's UTF-8 bytes, lower-case hex. Lua has SHA-1 only. */
  readonly hash: string;
  /** `any`: a restore. */
  readonly expected: Revision | 'absent' | 'any';
  /** Unique for each publication, the same for each time that it is sent. */
  readonly id: string;
  /** Our clock (Unix milliseconds), for servers that do not let a script ask for theirs. */
  readonly wallMs: number;
  /** The highest epoch that this publisher was told before (`EpochFloor`). Default 0. */
  readonly floorEpoch?: number;
  /** Announce by sharded pub/sub where the server knows it: for a Cluster. Default false. */
  readonly sharded?: boolean;
}

/** The arguments of `EVAL script 1 key ...`. */
export function redisPublishArguments(publication: RedisPublication): {
  readonly keys: [string];
  readonly args: string[];
} {
  const { layout, scope, text, hash, expected, id, wallMs, floorEpoch = 0, sharded = false } = publication;
  return {
    keys: [layout.key],
    args: [
      ...expectation(expected),
      hash,
      id,
      text,
      sharded ? 'SPUBLISH' : 'PUBLISH',
      sharded ? layout.shardChannel : layout.channel,
      layout.channel,
      redisNoticeHead(scope),
      String(Math.trunc(wallMs)),
      String(floorEpoch),
      layout.idsKey,
    ],
  };
}

function expectation(
  expected: Revision | 'absent' | 'any',
): [mode: string, epoch: string, version: string, hash: string] {
  if (typeof expected === 'string') return [expected, '', '', ''];
  // A revision of a store that only hashes can still be compared: by its hash.
  if (!isCounted(expected)) return ['hash', '', '', expected.hash];
  return ['revision', String(expected.epoch), String(expected.version), expected.hash ?? ''];
}

/**
 * The new revision, and what is to be told of the store, from the script's reply.
 *
 * @throws StoreError `conflict`, `invalid`, or `unavailable` for a reply of no known shape
 */
export function parseRedisPublishReply(
  reply: unknown,
  publication: RedisPublication,
): PublishedRevision & CountedRevision & { readonly hash: string } {
  const { layout, hash, wallMs } = publication;
  const [verdict, ...rest] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  switch (verdict) {
    case 'published': {
      const [epoch, version] = [wholeNumber(rest[0]), wholeNumber(rest[1])];
      if (epoch === undefined || version === undefined) break;
      const warnings = warningsOf(rest.slice(3), publication);
      return { epoch, version, hash, ...(warnings.length > 0 && { warnings }) };
    }
    case 'conflict':
      throw conflictError(rest, publication);
    case 'unreadable':
      redisRecord(layout.key, rest);
      break;
    case 'exhausted':
      throw new StoreError(
        'invalid',
        `the key ${layout.key} holds an epoch more than a day ahead, or a version that cannot rise; restore a document over it`,
      );
    case 'clocks': {
      const hours = Math.round(((wholeNumber(rest[0]) ?? wallMs) - wallMs) / 3_600_000);
      throw new StoreError(
        'invalid',
        `the key ${layout.key} holds an epoch that is more than a day ahead by the clock here, and not by that of the server, which is ${hours} h ahead; set the clock that is wrong, and publish again`,
      );
    }
  }
  throw new StoreError(
    'unavailable',
    `the publishing script was answered by something else; check that ${layout.key} is on a Redis`,
  );
}

function conflictError(
  [heldEpoch, heldVersion, heldSha]: readonly unknown[],
  { layout, expected, wallMs }: RedisPublication,
): StoreError {
  const [epoch, version, hash] = [wholeNumber(heldEpoch), wholeNumber(heldVersion), sha256(heldSha)];
  const held =
    epoch === undefined || version === undefined ? undefined : { epoch, version, ...(hash !== undefined && { hash }) };
  const wanted = typeof expected === 'string' ? 'to be absent' : `to hold ${formatRevision(expected)}`;
  const found = held === undefined ? 'nothing' : formatRevision(held);
  const remedy = isLost(expected, held, wallMs)
    ? `, ${LOST_WRITES_REMEDY}`
    : '; read it again and publish on top of that';
  const message = `the key ${layout.key} was expected ${wanted} and holds ${found}${remedy}`;
  return new StoreError('conflict', message, held && { revision: held });
}

/** Of a publication that was carried out before, and is only told again, nothing is known but its revision. */
function warningsOf(told: readonly unknown[], publication: RedisPublication): readonly PublishWarning[] {
  if (told.length === 0) return [];
  const { layout, wallMs, floorEpoch = 0 } = publication;
  const [base, server, heldServer, storeMs, infoProblem, idsProblem] = told;
  return [
    ...publishWarnings({
      place: layout.key,
      held: ancestorOf(base),
      floorEpoch,
      storeMs: wholeNumber(storeMs),
      wallMs,
      server: textOf(server),
      heldServer: textOf(heldServer),
    }),
    ...missingRight(
      infoProblem,
      `this user may not run INFO replication, so nobody is told when the server of ${layout.key} was restarted or failed over; grant +info|replication`,
    ),
    ...missingRight(
      idsProblem,
      `this user may not read and write ${layout.idsKey}, so only the last publication is known when it is sent twice; grant ~${layout.idsKey}, +hmget and +hset`,
    ),
  ];
}

/** Only what rights mend is told: a server may be without INFO, or without memory for more. */
function missingRight(problem: unknown, message: string): readonly PublishWarning[] {
  return NO_RIGHT.test(textOf(problem)) ? [{ kind: 'missing-right', message }] : [];
}

/** What Redis says inside a script, since 7 and before. */
const NO_RIGHT = /NOPERM|no permission|ACL failure|user executing the script/i;

function textOf(field: unknown): string {
  return typeof field === 'string' ? field : '';
}
