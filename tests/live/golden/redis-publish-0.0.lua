local key = KEYS[1]
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
return {'published', e, v, at}
