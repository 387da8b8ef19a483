-- The book of slots and places of one instance of Marketo, kept for all its workers. One script: the six files of this
-- folder, joined in the order of their names. All times are microseconds of this server's clock, so no worker's clock
-- enters; why slots keep Marketo's limits stands in slots.py, how a limit gives way to others in adaptive.py.
--
--   STATE     hash   what is known beside the lists below
--   SLOTS     zset   calls on their way, held or cooling, by the time at which their slot is free (at the latest)
--   PLACES    zset   calls on their way or held, by the time at which their place is free without another word
--   HELD      zset   of those, calls of unknown outcome, by the time at which that was said
--   PROMISED  zset   booked calls that have not entered yet, by the time from which they may, per lane
--   QUEUE     zset   calls that wait for a place, by ticket, per lane
--   WOKEN     zset   of those, who were told to come and ask, by the time until which a place is kept for them
--   UNSURE    zset   calls that wait for a slot nobody can name a time for, by ticket, per lane
--   WORKERS   zset   by the time of their last word
--   WAITING   hash   per worker: its waiting callers, "interactive bulk", and how many of the interactive ones are
--                    still to come: those who stand in no list and were promised nothing
--   COMING    zset   workers with such callers, by the time until which that is believed
local STATE, SLOTS, PLACES, HELD, WORKERS, WAITING, COMING =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local PROMISED = {interactive = KEYS[8], bulk = KEYS[9]}
local QUEUE = {interactive = KEYS[10], bulk = KEYS[11]}
local WOKEN = {interactive = KEYS[12], bulk = KEYS[13]}
local UNSURE = {interactive = KEYS[14], bulk = KEYS[15]}

local LATE = 1000000            -- a promise is forgotten that long after its time: its caller asks anew
local COMES_WITHIN = 250000     -- a woken caller has that long before its place goes to the next
local BELIEVED = 50000          -- how long an interactive call is believed to be on its way
local LOOK_AGAIN = 5000000      -- nobody waits longer without looking, should all words be lost
local SOONER = 50000            -- a promise is brought forward by no less: it costs a script
local STEP_BACK = 1000000       -- a clock that goes back by more than this has lost its place
local FORGET = 259200000        -- milliseconds after the last worker's last word

local asked = cjson.decode(ARGV[1])
local numbers = ARGV[2]
local looking = asked.op == 'look'

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])

-- A server that was stopped, or busy elsewhere, finds questions that nobody waits for any more: they must not be done.
if asked.sent and now - asked.sent > asked.patience then return {'stale', now} end
-- Nor may a day begin by the clock of a worker that has not heard this one yet.
if not looking and (now < asked.midnights[1] or now >= asked.midnights[3]) then return {'stale', now} end

local function text(number) return string.format('%.0f', number) end
local function after_now() return '(' .. text(now) end
local function count(key) return redis.call('ZCOUNT', key, after_now(), '+inf') end
local function first(key) return redis.call('ZRANGE', key, 0, 0, 'WITHSCORES') end
local function score(key, id) return tonumber(redis.call('ZSCORE', key, id) or nil) end

local NAMES = {
  'epoch', 'numbers', 'server', 'now', 'ticket', 'slots', 'places', 'members', 'tat', 'seen', 'rate_left', 'rate_cuts', 'places_left',
  'places_cut', 'day_began', 'day_ends', 'day_calls', 'day_others', 'closed_until', 'interactive', 'bulk', 'quiet_until',
}
local AS_TEXT = {epoch = true, numbers = true, server = true, rate_cuts = true}
local AS_IS = {rate_left = true, places_left = true}

local S = {}
for at, value in ipairs(redis.call('HMGET', STATE, unpack(NAMES))) do
  local name = NAMES[at]
  if value and AS_TEXT[name] then S[name] = value elseif value then S[name] = tonumber(value) end
end

local function forget_everything()
  redis.call('DEL', unpack(KEYS))
  S = {}
end

-- An eviction, a failover or somebody's DEL may take single keys away: what was counted must still be there.
local function is_whole()
  return S.epoch
    and S.now - now < STEP_BACK
    and redis.call('ZCARD', SLOTS) == S.slots
    and redis.call('ZCARD', PLACES) == S.places
    and redis.call('ZCARD', WORKERS) == S.members
end

local fresh = false
if not looking then
  if not is_whole() then
    forget_everything()
    S.epoch, S.numbers, fresh = asked.epoch, numbers, true
  end
  for _, name in ipairs({'ticket', 'slots', 'places', 'tat', 'seen', 'interactive', 'bulk'}) do S[name] = S[name] or 0 end
  S.rate_cuts = S.rate_cuts or ''
end
if S.now then now = math.max(now, S.now) end

local set = cjson.decode(S.numbers or numbers)
local limited = type(set.max_calls) == 'number'

local function save()
  local pairs_of = {}
  S.now = now
  S.slots, S.places, S.members = redis.call('ZCARD', SLOTS), redis.call('ZCARD', PLACES), redis.call('ZCARD', WORKERS)
  for _, name in ipairs(NAMES) do
    local value = S[name]
    if value ~= nil then
      pairs_of[#pairs_of + 1] = name
      if type(value) ~= 'number' then
        pairs_of[#pairs_of + 1] = value
      else
        pairs_of[#pairs_of + 1] = AS_IS[name] and string.format('%.9f', value) or text(value)
      end
    end
  end
  redis.call('HSET', STATE, unpack(pairs_of))
  for _, key in ipairs(KEYS) do
    if redis.call('PTTL', key) == -1 then redis.call('PEXPIRE', key, FORGET) end
  end
end

-- ---------------------------------------------------------------- the day

-- Marketo's midnights are worked out by the workers, who know of time zones, and chosen by this clock.
local function begin_day()
  if S.day_ends and now < S.day_ends then return end
  local nights = asked.midnights
  local at = now < nights[2] and 1 or 2
  S.day_began, S.day_ends, S.day_calls, S.day_others = nights[at], nights[at + 1], 0, 0
  if now >= S.day_ends then S.day_ends = now + 86400000000 end
end

local function budget_left()
  if type(set.daily_budget) ~= 'number' then return nil end
  return math.max(0, set.daily_budget - (S.day_calls or 0) - (S.day_others or 0))
end

-- Returns why a call may not be sent today, or nil. A listing that cannot go on should not begin: it `pays` as bulk.
local function refused_today(pays)
  if S.closed_until and now < S.closed_until then return 'closed' end
  local left = budget_left()
  if left and left <= (pays == 'bulk' and set.budget_reserve or 0) then return 'spent' end
  return nil
end
