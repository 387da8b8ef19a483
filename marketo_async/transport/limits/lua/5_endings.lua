-- ---------------------------------------------------------------- how calls end

-- Day 0: its caller was gone before it was told, so it was granted just now.
local function uncount(ending)
  if ending.day == S.day_ends or ending.day == 0 then S.day_calls = math.max(0, S.day_calls - 1) end
end

-- Calls that stood in a list when their worker lost Redis went without the book: there they stand still.
local function leave_where_unknown(ending)
  if not score(PLACES, ending.id) then leave_the_queues(ending.lane, ending.id) end
end

local function let_go(id)
  redis.call('ZREM', HELD, id)
  redis.call('ZREM', PLACES, id)
  if limited then redis.call('ZADD', SLOTS, text(now + set.cool), id) end
end

local function hold(id, left)
  redis.call('ZADD', PLACES, text(now + left), id)
  if limited then redis.call('ZADD', SLOTS, text(now + left + set.cool), id) end
  redis.call('ZADD', HELD, text(now), id)
  -- Who waits for a place goes by the times that were known when it asked.
  for _, lane in ipairs({'interactive', 'bulk'}) do
    local waits = first(QUEUE[lane])[1]
    if waits then tell_to_come(waits) end
  end
  while redis.call('ZCARD', HELD) > math.floor(places_now() / 2) do let_go(first(HELD)[1]) end
end

local function unsent(ending)
  local id, lane = ending.id, ending.lane
  if redis.call('ZREM', PLACES, id) == 1 then
    redis.call('ZREM', SLOTS, id)
    uncount(ending)
  elseif redis.call('ZREM', PROMISED[lane], id) == 1 and lane == 'bulk' and is_paced() then
    S.tat = S.tat - pace_price()
  end
  leave_the_queues(lane, id)
end

local function answered(ending)
  local code, sent_at = ending.code, now - ending.age
  if code then
    redis.call('HINCRBY', STATE, 'refused:' .. code, 1)
    give_way(code, sent_at)
    -- A refusal of yesterday's closes no door today.
    if code == '607' and set.quota_closes and sent_at >= S.day_began then
      S.closed_until = ending.resets_at or S.day_ends
    end
  end
  if ending.free and score(PLACES, ending.id) then uncount(ending) end
  let_go(ending.id)
end

local function finish(ending)
  if ending.kind == 'unsent' then
    unsent(ending)
    return
  end
  leave_where_unknown(ending)
  if ending.kind == 'unknown' and ending.left > 0 then
    hold(ending.id, ending.left)
  else
    answered(ending)
  end
end

local function renew(ids)
  for _, id in ipairs(ids) do
    if score(PLACES, id) then
      redis.call('ZADD', PLACES, text(now + set.lease), id)
      if limited then redis.call('ZADD', SLOTS, text(now + set.lease + set.cool), id) end
    end
  end
end

-- ---------------------------------------------------------------- memories

local GHOST, ALONE = 'ghost:', 'alone:'

-- Suppose a full window of earlier calls, evenly old. The grace is for workers that are on their own and do not know
-- yet that there is a book again.
local function suppose_a_full_window()
  for age = 1, set.max_calls do
    redis.call('ZADD', SLOTS, text(now + set.grace + set.cool * age / set.max_calls), GHOST .. S.epoch .. ':' .. age)
  end
end

local function remember(id, free_at)
  if free_at > (score(SLOTS, id) or 0) then redis.call('ZADD', SLOTS, text(free_at), id) end
end

-- A worker that is on its own goes on with its part of the limits: suppose that it uses all of it, until it comes back
-- and says what it did.
local function suppose_alone(worker, workers)
  if limited then
    local part = math.ceil(limit_now() / workers)
    for age = 1, part do remember(ALONE .. worker .. ':' .. age, now + set.grace + set.cool * age / part) end
  end
  -- A look whether Redis is back may hang for as long as its patience lasts: it looks again, and comes, within two graces.
  for place = 1, math.max(1, math.floor(places_now() / workers)) do
    redis.call('ZADD', PLACES, text(now + 2 * set.grace), ALONE .. worker .. ':' .. place)
  end
end

-- A worker comes back that has not heard of this book for a while: nor have those others who were silent since.
local function suppose_others_alone(away)
  local workers = redis.call('ZCARD', WORKERS)
  for _, worker in ipairs(redis.call('ZRANGEBYSCORE', WORKERS, '-inf', text(now - away))) do
    if worker ~= asked.worker then suppose_alone(worker, workers) end
  end
end

local function heard_of(worker)
  local mine = ALONE .. worker .. ':'
  for age = 1, limited and set.max_calls or set.max_concurrency do
    redis.call('ZREM', SLOTS, mine .. age)
    redis.call('ZREM', PLACES, mine .. age)
  end
end

-- Which process keeps this book: after a failover it is another one, and after a restart, with whatever had been written
-- down. Nobody knows what was lost: everybody says all once more, as after a loss of everything.
local function mind_another_server()
  local about = redis.pcall('INFO', 'server')
  local server = type(about) == 'string' and string.match(about, 'run_id:(%w+)') or nil
  local is_another = server and S.server and S.server ~= server
  S.server = server
  if is_another then
    S.epoch, S.quiet_until = asked.epoch, now + set.grace
    tell_of_another_book()
  end
  return is_another
end

local function begins(id, what) return string.sub(id, 1, #what) == what end

-- What is known takes the place of what was supposed: of more than the limit, the oldest ghosts go. What workers may do
-- that are on their own is no reason: it is forgotten as soon as they speak.
local function dismiss_ghosts()
  local over = count(SLOTS) - limit_now()
  if over <= 0 then return end
  local ids = redis.call('ZRANGE', SLOTS, 0, -1)
  for _, id in ipairs(ids) do
    if begins(id, ALONE) then over = over - 1 end
  end
  for _, id in ipairs(ids) do
    if over > 0 and begins(id, GHOST) then
      redis.call('ZREM', SLOTS, id)
      over = over - 1
    end
  end
end

-- What a worker did on its own is told until it knows that it was heard, and counts once: it says how many of its calls
-- were told before, and this book remembers how many it has counted.
local function newly_alone(memory)
  local name, told = 'alone:' .. asked.worker, memory.alone + memory.alone_before
  local epoch, counted = string.match(redis.call('HGET', STATE, name) or '', '^(%S+) (%S+)$')
  redis.call('HSET', STATE, name, S.epoch .. ' ' .. text(told))
  return epoch == S.epoch and told - tonumber(counted) or memory.alone
end

local function replay(memory)
  local alone = newly_alone(memory)
  local lost = asked.knows ~= '' and asked.knows ~= S.epoch
  for _, call in ipairs(memory.out) do
    redis.call('ZADD', PLACES, text(now + set.lease), call)
    if limited then remember(call, now + set.lease + set.cool) end
  end
  for _, call in ipairs(memory.held) do
    if not score(HELD, call[1]) then hold(call[1], call[2]) end
  end
  if limited then
    for _, call in ipairs(memory.cooling) do remember(call[1], now + call[2]) end
    for _, call in ipairs(memory.earlier) do remember(GHOST .. call[1], now + call[2]) end
    dismiss_ghosts()
  end
  if memory.day == S.day_ends then
    if lost then
      S.day_calls, S.day_others = math.max(S.day_calls, memory.calls), math.max(S.day_others, memory.others)
      if memory.closed_until > now then S.closed_until = math.max(S.closed_until or 0, memory.closed_until) end
    end
    S.day_calls = math.max(0, S.day_calls + alone)
  end
  if lost and type(set.adaptive) == 'table' then
    if limited and memory.limit > 0 and memory.limit < limit_now() then
      S.rate_left, S.rate_cuts = memory.limit, text(now)
    end
    if memory.places > 0 and memory.places < places_now() then S.places_left, S.places_cut = memory.places, now end
  end
end
