/**
 * The publishing script. KEYS[1] is the hash. Every check stands before the first write, since Redis undoes nothing
 * that a script has written:
 *
 * 1. What is held, and whether this publication was sent before (F60): its reply got lost, and the client sent it
 *    again. Then it is answered as it was the first time. The last id stands in the hash itself. About a thousand
 *    stand in a hash of their own (`ids`), a ring of 32 fields with 32 publications each, so that little is written and
 *    one look sees all. That key is not declared, so that a user without a right to it can publish all the same; its
 *    hash tag puts it in the slot of the declared one.
 * 2. Whether what is held is what was expected.
 * 3. The epoch, by the rule of `epoch-rule.ts`. All publishers share the server's clock; where the script may not ask
 *    for it, the caller's clock serves. Nobody adopted an epoch more than a day (86,400,000 ms) ahead (F13), as
 *    `revisionProblem` says; where the two clocks do not agree on that, nothing is written.
 * 4. What is noted beside the document (`meta.ts`), with the replication id of the server, which changes at a restart
 *    and at a failover. A user who may not run INFO publishes without it.
 * 5. The announcement, before the document: nobody sees one without the other while a script runs, and a publisher that
 *    may not announce is refused before anything is written.
 *
 * What somebody else noted may be anything: it is decoded within `pcall`, bounded, and used only when all of it has
 * the right form.
 */
export const REDIS_PUBLISH_SCRIPT = `local key = KEYS[1]
local mode, epoch, version, sha, newSha, id, doc, command, channel, plainChannel, noticeHead, wall, floor, ids = unpack(ARGV)
wall, floor = tonumber(wall), tonumber(floor)
local DAY, BLOCKS, IN_BLOCK, MOST = 86400000, 32, 32, 9007199254740991
local function whole(text)
  local number = text and string.find(text, '^%d+$') and tonumber(text)
  if number and number <= MOST then return number end
end
local function decimal(number) return string.format('%.0f', number) end
local function problem(reply) return type(reply) == 'table' and reply.err end
local function quoted(text) return '"' .. text .. '"' end

local held = redis.pcall('HMGET', key, 'epoch', 'v', 'sha256', 'at', 'bytes', 'id', 'meta')
if held.err then return held end
if held[6] == id then return {'published', held[1], held[2], held[4]} end
local present = held[1] or held[2] or held[3]
local heldEpoch, heldVersion = whole(held[1]), whole(held[2])

local same = mode == 'any' or (mode == 'absent' and not present)
if mode == 'revision' then same = held[1] == epoch and held[2] == version and (sha == '' or sha == held[3]) end
if mode == 'hash' then same = present and sha == held[3] end
if not same or mode ~= 'revision' then
  local fields = {}
  for block = 1, BLOCKS do fields[block] = decimal(block - 1) end
  local blocks = redis.pcall('HMGET', ids, unpack(fields))
  for block = 1, blocks.err and 0 or BLOCKS do
    local _, to = string.find(blocks[block] or '', '\\n' .. id .. ' ', 1, true)
    local e, v, at = string.match(blocks[block] or '', '^(%d+) (%d+) (%d+)', (to or 0) + 1)
    if to and e then return {'published', e, v, at} end
  end
end
local counts = mode == 'revision' or mode == 'hash'
if present and mode ~= 'any' and not (heldEpoch and heldVersion and held[3]) then return {'unreadable', unpack(held)} end
if not same then return {'conflict', held[1], held[2], held[3]} end

local time = redis.pcall('TIME')
local store = wall
if not time.err then store = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) end
local clock = store
if store > wall + DAY / 2 then clock = wall end
local poisoned = heldEpoch and heldEpoch > clock + DAY
if poisoned and heldEpoch <= store + DAY then return {'clocks', decimal(store)} end
if counts and (poisoned or heldVersion >= MOST) then return {'exhausted'} end
local newEpoch, newVersion = clock, counts and heldVersion + 1 or 1
if heldEpoch and not poisoned then newEpoch = math.max(newEpoch, heldEpoch + 1) end
if floor <= clock + DAY then newEpoch = math.max(newEpoch, floor + 1) end

local info = redis.pcall('INFO', 'replication')
local server = type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''
local base = heldEpoch and heldVersion and decimal(heldEpoch) .. '.' .. decimal(heldVersion)
local recent, heldServer = {}, ''
local later = { writer = 'null', auditSeq = 'null', auditHash = 'null' }
if not present then recent[1] = quoted('0.0') end
if base then
  recent[1] = quoted(base)
  pcall(function()
    if #held[7] > 8192 then return end
    local before = cjson.decode(held[7])
    if before.id ~= held[6] or type(before.server) ~= 'string' or not string.find(before.server, '^%x*$') then return end
    local ancestors, kept = {}, {}
    for n = 1, math.min(#before.recent, 31) do
      local one = before.recent[n]
      if type(one) ~= 'string' or #one > 33 or not string.find(one, '^%d+%.%d+$') then return end
      ancestors[n] = quoted(one)
    end
    for name in pairs(later) do
      local one = before[name]
      local text = whole(type(one) == 'number' and decimal(one)) and decimal(one) or cjson.encode(one)
      if #text <= 1024 then kept[name] = text end
    end
    for n = 1, #ancestors do recent[n + 1] = ancestors[n] end
    for name, text in pairs(kept) do later[name] = text end
    heldServer = before.server
  end)
end
local meta = '{"id":' .. quoted(id) .. ',"server":' .. quoted(server) .. ',"base":' .. (base and quoted(base) or 'null')
  .. ',"recent":[' .. table.concat(recent, ',') .. '],"writer":' .. later.writer .. ',"auditSeq":' .. later.auditSeq
  .. ',"auditHash":' .. later.auditHash .. '}'

local e, v, at = decimal(newEpoch), decimal(newVersion), decimal(clock)
local notice = noticeHead .. '"epoch":' .. e .. ',"version":' .. v .. ',"hash":"' .. newSha .. '"}'
local announced = redis.pcall(command, channel, notice)
if command == 'SPUBLISH' and string.find(string.lower(problem(announced) or ''), 'unknown', 1, true) then
  announced = redis.pcall('PUBLISH', plainChannel, notice)
end
if problem(announced) then return announced end

redis.call('HSET', key, 'epoch', e, 'v', v, 'sha256', newSha, 'at', at, 'bytes', decimal(string.len(doc)), 'doc', doc, 'id', id, 'meta', meta)
local ring = redis.pcall('HMGET', ids, 'next')
if not ring.err then
  local next = (whole(ring[1]) or 0) % (BLOCKS * IN_BLOCK)
  local block, entry = decimal(math.floor(next / IN_BLOCK)), '\\n' .. id .. ' ' .. e .. ' ' .. v .. ' ' .. at
  local before = next % IN_BLOCK > 0 and redis.pcall('HMGET', ids, block)[1] or ''
  if #before > 8192 then before = '' end
  ring = redis.pcall('HSET', ids, block, before .. entry, 'next', decimal((next + 1) % (BLOCKS * IN_BLOCK)))
end
return {'published', e, v, at, base or '', server, heldServer, time.err and '' or decimal(store), problem(info) or '', problem(ring) or ''}`;
