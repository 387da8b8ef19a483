-- ---------------------------------------------------------------- slots and places to be had

local function callers_to_come(worker)
  return tonumber(string.match(redis.call('HGET', WAITING, worker) or '', '%d+$')) or 0
end

local WAKE = STATE .. ':wake:'

local function channel_of(worker) return WAKE .. worker end

-- Whatever workers the book has forgotten: who listens is told that it is another book now, and says what it has.
local function tell_of_another_book()
  local channels = redis.pcall('PUBSUB', 'CHANNELS', WAKE .. '*')
  if channels.err then return end
  for _, channel in ipairs(channels) do redis.call('PUBLISH', channel, S.epoch) end
end

-- A book that knows nothing, or may have lost something, grants nothing before everybody can have spoken.
local function is_quiet() return S.quiet_until ~= nil and now < S.quiet_until end

-- Whether anybody listens there: a worker that was killed does not, however many callers it had.
local function listens(worker)
  local heard_by = redis.pcall('PUBSUB', 'NUMSUB', channel_of(worker))
  return heard_by.err ~= nil or heard_by[2] > 0
end

-- Interactive callers, of whichever worker, that have not asked yet: what is free is theirs before it is a bulk call's.
local function to_come()
  local callers = 0
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', COMING, after_now(), '+inf')) do
    if listens(worker) then callers = callers + callers_to_come(worker) end
  end
  return callers
end

local function expect(callers, until_time)
  redis.call('HSET', WAITING, asked.worker, table.concat({asked.waiting[1], asked.waiting[2], callers}, ' '))
  if callers == 0 then
    redis.call('ZREM', COMING, asked.worker)
  else
    redis.call('ZADD', COMING, text(until_time), asked.worker)
  end
end

-- Returns from when on a call may take a slot, behind so many promises of its lane, or behind all: now, later, or nil
-- where only an answer can tell; and in that case from when on time alone could tell.
local function slot_at(lane, ahead)
  if not limited then return now end
  local used, over = count(SLOTS) + (ahead or redis.call('ZCARD', PROMISED[lane])), nil
  if lane == 'interactive' then
    over = used - share_of(lane)
  else
    used = used + redis.call('ZCARD', PROMISED.interactive)
    over = math.max(used - share_of(lane), used + to_come() - limit_now())
  end
  if over < 0 then return now end
  local freed = redis.call('ZRANGEBYSCORE', SLOTS, after_now(), '+inf', 'WITHSCORES', 'LIMIT', over, 1)
  local at = tonumber(freed[2])
  -- A slot that is free later than any cooling one belongs to a call that has not been answered yet, or never will be.
  if not at or (at > now + set.cool and not score(HELD, freed[1])) then return nil, at and at - set.cool end
  return at
end

-- Whether a call may take a slot at this moment: the one rule that keeps Marketo's limit, whatever was promised.
local function has_slot(lane)
  if not limited then return true end
  local used = count(SLOTS)
  if lane == 'interactive' then return used < limit_now() end
  local due = redis.call('ZCOUNT', PROMISED.interactive, '-inf', text(now))
  return used + due < share_of(lane) and used + due + to_come() < limit_now()
end

-- Whether a place is free that is not kept for somebody who was woken for it.
local function has_place(lane)
  if is_quiet() then return false end
  local taken = count(PLACES) + count(WOKEN.interactive)
  if lane == 'interactive' then return taken < places_now() end
  taken = taken + count(WOKEN.bulk)
  return taken - count(WOKEN.interactive) < places_of(lane) and taken + to_come() < places_now()
end

-- ---------------------------------------------------------------- waiting and being woken

local function worker_of(id) return string.match(id, '^(.*):%d+$') end

local function tell_to_come(id) redis.call('PUBLISH', channel_of(worker_of(id)), id) end

local function wake_for_places(lane)
  while redis.call('ZCARD', QUEUE[lane]) > 0 and has_place(lane) do
    local id = first(QUEUE[lane])[1]
    redis.call('ZREM', QUEUE[lane], id)
    redis.call('ZADD', WOKEN[lane], text(now + COMES_WITHIN), id)
    tell_to_come(id)
  end
end

-- What a woken interactive caller was woken for is not a bulk call's that happens to ask before it.
local function keep_for(worker)
  local lanes = string.match(redis.call('HGET', WAITING, worker) or '', '^%d+ %d+')
  if not lanes then return end
  redis.call('HSET', WAITING, worker, lanes .. ' ' .. callers_to_come(worker) + 1)
  redis.call('ZADD', COMING, 'GT', text(now + COMES_WITHIN), worker)
end

-- One at a time: who is woken books, and the next one is looked at then.
local function wake_for_slots(lane)
  if redis.call('ZCARD', UNSURE[lane]) == 0 or not slot_at(lane) then return end
  local id = first(UNSURE[lane])[1]
  redis.call('ZREM', UNSURE[lane], id)
  if lane == 'interactive' then keep_for(worker_of(id)) end
  tell_to_come(id)
end

-- Slots come free that nobody had counted on: a call is not sent after all, a promise is withdrawn, a limit grows. Who
-- sleeps until later comes sooner.
local function bring_forward(lane)
  local sleepers = redis.call('ZCOUNT', PROMISED[lane], after_now(), '+inf')
  if sleepers == 0 or not limited then return end
  local promised, paced = redis.call('ZCARD', PROMISED[lane]), lane == 'bulk' and is_paced()
  local price = paced and pace_price()
  local function time_for(place, tat)
    local at = slot_at(lane, place)
    return at and paced and math.max(at, tat + price - pace_depth()) or at
  end
  -- What the sleepers paid is theirs to pay anew; who has nobody ahead of it owes no more than a full bucket.
  local tat = paced and math.min(S.tat - sleepers * price, now + pace_depth())
  -- Wherever the gap is, the last one can move up.
  local last = redis.call('ZRANGE', PROMISED[lane], -1, -1, 'WITHSCORES')
  local soonest = time_for(promised - 1, paced and tat + (sleepers - 1) * price)
  if not soonest or tonumber(last[2]) - soonest < SOONER then return end
  local all = redis.call('ZRANGE', PROMISED[lane], promised - sleepers, -1, 'WITHSCORES')
  for sleeper = 1, sleepers do
    local id, old = all[2 * sleeper - 1], tonumber(all[2 * sleeper])
    local at = time_for(promised - sleepers + sleeper - 1, tat)
    if at and old - at >= SOONER then
      redis.call('ZADD', PROMISED[lane], text(at), id)
      tell_to_come(id)
    else
      at = old
    end
    tat = paced and math.max(tat, at) + price
  end
  if paced then S.tat = tat end
end

local function wake()
  for _, lane in ipairs({'interactive', 'bulk'}) do
    wake_for_places(lane)
    wake_for_slots(lane)
  end
end

-- Returns the microseconds after which a caller that waits in a list should look by itself: when time alone may have
-- changed something. The first in its list does that for all; the others only make sure that nothing was lost.
local function look_again(list, call, keys, known_at)
  local at = math.min(now + LOOK_AGAIN, known_at or math.huge)
  if redis.call('ZRANK', list, call.id) > 0 then return LOOK_AGAIN end
  if call.lane == 'bulk' then keys[#keys + 1] = COMING end -- only bulk calls stand back for who is still to come
  for _, key in ipairs(keys) do
    local soonest = redis.call('ZRANGEBYSCORE', key, after_now(), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if soonest[2] then at = math.min(at, tonumber(soonest[2])) end
  end
  local growth = next_growth()
  if growth then at = math.min(at, growth) end
  return math.max(1000, at - now)
end

local function wait_for_slot(call)
  redis.call('ZADD', UNSURE[call.lane], call.ticket, call.id)
  local _, known_at = slot_at(call.lane)
  return 'no slot', look_again(UNSURE[call.lane], call, {}, known_at)
end

local function wait_for_place(call)
  redis.call('ZADD', QUEUE[call.lane], call.ticket, call.id)
  return 'no place', look_again(QUEUE[call.lane], call, {PLACES, WOKEN.interactive, WOKEN.bulk}, is_quiet() and S.quiet_until)
end

local function leave_the_queues(lane, id)
  redis.call('ZREM', PROMISED[lane], id)
  redis.call('ZREM', QUEUE[lane], id)
  redis.call('ZREM', WOKEN[lane], id)
  redis.call('ZREM', UNSURE[lane], id)
end

local function drop(key, until_time) redis.call('ZREMRANGEBYSCORE', key, '-inf', text(until_time)) end

-- All were silent, for longer than a worker is: it was Redis that was not there, and nobody is to be forgotten for it.
local function forgive_silence()
  local silence = now - (S.now or now)
  if silence < set.lease / 2 then return end
  local words = redis.call('ZRANGE', WORKERS, 0, -1, 'WITHSCORES')
  for at = 1, #words, 2 do
    redis.call('ZADD', WORKERS, text(math.min(now, tonumber(words[at + 1]) + silence)), words[at])
  end
end

local function let_time_pass()
  if redis.call('ZCARD', HELD) > 0 then
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', PLACES, '-inf', text(now))) do redis.call('ZREM', HELD, id) end
  end
  for _, key in ipairs({SLOTS, PLACES, COMING, WOKEN.interactive, WOKEN.bulk}) do drop(key, now) end
  for _, key in ipairs({PROMISED.interactive, PROMISED.bulk}) do drop(key, now - LATE) end
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, '-inf', text(now - set.lease))) do
    redis.call('ZREM', WORKERS, worker)
    redis.call('HDEL', WAITING, worker)
  end
end
