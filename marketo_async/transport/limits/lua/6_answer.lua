-- ---------------------------------------------------------------- what is told in return

-- How many bulk calls could start at this moment.
local function room_of(lane)
  if is_quiet() then return 0 end
  local places = places_of(lane) - count(PLACES) - count(WOKEN.interactive)
  if lane == 'bulk' then places = places - count(WOKEN.bulk) end
  if not limited then return math.max(0, places) end
  local slots = share_of(lane) - count(SLOTS) - redis.call('ZCARD', PROMISED.interactive)
  if lane == 'bulk' then
    slots = slots - redis.call('ZCARD', PROMISED.bulk)
    if is_paced() then
      slots = math.min(slots, math.floor((pace_depth() - math.max(0, S.tat - now)) / pace_price() + 1e-6))
    end
  end
  return math.max(0, math.min(places, slots))
end

-- How many slots are still taken at the end of each eighth of the time that a slot cools: what a worker goes by that
-- has to do without this book.
local function profile()
  local taken = {}
  if limited then
    for eighth = 0, 7 do
      taken[#taken + 1] = redis.call('ZCOUNT', SLOTS, '(' .. text(now + set.cool * eighth / 8), '+inf')
    end
  end
  return taken
end

local function report(status, wait, ticket)
  local left = budget_left()
  return {
    status, math.ceil(wait or 0), ticket or 0, S.epoch, now,
    limited and limit_now() or -1, places_now(), count(SLOTS), count(PLACES), redis.call('ZCARD', HELD),
    S.seen or 0, is_paced() and 1 or 0, limited and share_of('bulk') or -1, room_of('interactive'), room_of('bulk'),
    S.day_ends or 0, S.day_calls or 0, S.day_others or 0, left or -1, S.closed_until or 0,
    redis.call('ZCOUNT', WORKERS, '(' .. text(now - set.lease), '+inf'),
    profile(),
  }
end

if looking then
  if not S.epoch then return {'nobody'} end
  S.tat = S.tat or 0
  if S.day_ends and now >= S.day_ends then S.day_calls, S.day_others = 0, 0 end
  return {report('ok'), redis.call('HGETALL', STATE), redis.call('HVALS', WAITING)}
end

if S.numbers ~= numbers then
  redis.call('ZREM', WORKERS, asked.worker)
  save()
  if redis.call('ZCOUNT', WORKERS, '(' .. text(now - set.lease), '+inf') > 0 then return {'numbers', S.numbers} end
  S.numbers, set = numbers, cjson.decode(numbers)
  limited = type(set.max_calls) == 'number'
end

begin_day()
if fresh then
  tell_of_another_book()
  if asked.knows ~= '' or not asked.trusts then
    S.quiet_until = now + set.grace
    if limited then suppose_a_full_window() end
  end
end
if asked.op ~= 'replay' and asked.knows ~= S.epoch then
  save()
  return {'epoch'}
end

redis.call('ZADD', WORKERS, text(now), asked.worker)
if asked.op == 'replay' then
  heard_of(asked.worker)
  local is_another = mind_another_server()
  if is_another then
    suppose_others_alone(0)
  elseif asked.memory.away and asked.knows == S.epoch then
    -- Who noticed a little later may have said a last word in between.
    suppose_others_alone(asked.memory.away / 2)
  end
  if is_another or asked.memory.away then forgive_silence() end
end
let_time_pass()
expect(asked.coming, math.max(now + BELIEVED, score(COMING, asked.worker) or 0))
wake()

local status, wait, ticket = 'ok', 0, 0
for _, ending in ipairs(asked.endings or {}) do finish(ending) end
if asked.op == 'book' then
  status, wait, ticket = ask(asked.call, book)
elseif asked.op == 'enter' then
  status, wait, ticket = ask(asked.call, enter)
elseif asked.op == 'replay' then
  replay(asked.memory)
elseif asked.op == 'total' then
  if asked.day == S.day_ends then S.day_others = math.max(S.day_others, asked.calls - S.day_calls) end
elseif asked.op == 'leave' then
  redis.call('ZREM', WORKERS, asked.worker)
  redis.call('HDEL', WAITING, asked.worker)
  redis.call('ZREM', COMING, asked.worker)
  redis.call('HDEL', STATE, 'alone:' .. asked.worker)
end
if asked.renew then
  renew(asked.renew)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, FORGET) end
end

bring_forward('interactive')
bring_forward('bulk')
wake()
save()
return report(status, wait, ticket)
