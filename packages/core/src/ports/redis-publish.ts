/** Publishing to Redis: one script compares, announces and writes, so that no other command comes between. */
import { type CountedRevision, formatRevision, isCounted, type Revision } from '../document/revision.ts';
import { type RedisLayout, sha256, wholeNumber } from './redis-layout.ts';
import { redisRecord } from './redis-record.ts';
import { redisNoticeHead, type RedisNoticeScope } from './redis-notice.ts';
import { StoreError } from './store-error.ts';

/**
 * KEYS[1] is the hash. The change is announced before it is written: inside a script nobody sees the one without the other,
 * and a publisher that may not announce is refused with nothing written. Epochs come from the server's clock, which all
 * publishers share; where the script may not ask for it, from the caller's. An epoch more than a day (86,400,000 ms) ahead was adopted by
 * nobody (F13), as `revisionProblem` says.
 *
 * A publication that was carried out already (the reply got lost and the client sent it again) is answered as it was the
 * first time: `id` tells.
 */
export const REDIS_PUBLISH_SCRIPT = `local key = KEYS[1]
local mode, epoch, version, sha, newSha, id, doc, command, channel, plainChannel, noticeHead, clock = unpack(ARGV)
clock = tonumber(clock)
local function whole(text)
  local number = text and string.find(text, '^%d+$') and tonumber(text)
  if number and number <= 9007199254740991 then return number end
end
local function decimal(number) return string.format('%.0f', number) end
local function problem(reply) return type(reply) == 'table' and reply.err end

local held = redis.pcall('HMGET', key, 'epoch', 'v', 'sha256', 'at', 'bytes', 'id')
if held.err then return held end
if held[6] == id then return {'published', held[1], held[2], held[4]} end
local present = held[1] or held[2] or held[3]
local heldEpoch, heldVersion = whole(held[1]), whole(held[2])

local time = redis.pcall('TIME')
if not time.err then clock = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) end

local newEpoch, newVersion
if mode == 'any' or (mode == 'absent' and not present) then
  newEpoch, newVersion = clock, 1
  if heldEpoch and heldEpoch <= clock + 86400000 and heldEpoch >= clock then newEpoch = heldEpoch + 1 end
else
  if not present then return {'conflict'} end
  if not (heldEpoch and heldVersion and held[3]) then return {'unreadable', unpack(held)} end
  local same = mode == 'revision' and held[1] == epoch and held[2] == version and (sha == '' or sha == held[3])
  if mode == 'hash' then same = sha == held[3] end
  if not same then return {'conflict', held[1], held[2], held[3]} end
  if heldEpoch > clock + 86400000 or heldVersion >= 9007199254740991 then return {'exhausted'} end
  newEpoch, newVersion = heldEpoch, heldVersion + 1
end

local e, v = decimal(newEpoch), decimal(newVersion)
local notice = noticeHead .. '"epoch":' .. e .. ',"version":' .. v .. ',"hash":"' .. newSha .. '"}'
local announced = redis.pcall(command, channel, notice)
if command == 'SPUBLISH' and string.find(string.lower(problem(announced) or ''), 'unknown', 1, true) then
  announced = redis.pcall('PUBLISH', plainChannel, notice)
end
if problem(announced) then return announced end
local at = decimal(clock)
redis.call('HSET', key, 'epoch', e, 'v', v, 'sha256', newSha, 'at', at, 'bytes', decimal(string.len(doc)), 'doc', doc, 'id', id)
return {'published', e, v, at}`;

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
  /** Announce by sharded pub/sub where the server knows it: for a Cluster. Default false. */
  readonly sharded?: boolean;
}

/** The arguments of `EVAL script 1 key ...`. */
export function redisPublishArguments(publication: RedisPublication): {
  readonly keys: [string];
  readonly args: string[];
} {
  const { layout, scope, text, hash, expected, id, wallMs, sharded = false } = publication;
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

/** The new revision, from the script's reply. @throws StoreError `conflict`, `invalid`, or `unavailable` for a reply of no known shape. */
export function parseRedisPublishReply(
  reply: unknown,
  publication: RedisPublication,
): CountedRevision & { readonly hash: string } {
  const { layout, expected, hash } = publication;
  const [verdict, ...rest] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
  switch (verdict) {
    case 'published': {
      const [epoch, version] = [wholeNumber(rest[0]), wholeNumber(rest[1])];
      if (epoch !== undefined && version !== undefined) return { epoch, version, hash };
      break;
    }
    case 'conflict': {
      const [epoch, version, heldHash] = [wholeNumber(rest[0]), wholeNumber(rest[1]), sha256(rest[2])];
      const held =
        epoch === undefined || version === undefined
          ? undefined
          : { epoch, version, ...(heldHash !== undefined && { hash: heldHash }) };
      const wanted = typeof expected === 'string' ? 'to be absent' : `to hold ${formatRevision(expected)}`;
      const found = held === undefined ? 'nothing' : formatRevision(held);
      throw new StoreError(
        'conflict',
        `the key ${layout.key} was expected ${wanted} and holds ${found}; read it again and publish on top of that`,
        held && { revision: held },
      );
    }
    case 'unreadable':
      redisRecord(layout.key, rest);
      break;
    case 'exhausted':
      throw new StoreError(
        'invalid',
        `the key ${layout.key} holds an epoch more than a day ahead, or a version that cannot rise; restore a document over it`,
      );
  }
  throw new StoreError(
    'unavailable',
    `the publishing script was answered by something else; check that ${layout.key} is on a Redis`,
  );
}
