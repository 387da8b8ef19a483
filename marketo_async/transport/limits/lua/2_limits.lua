-- ---------------------------------------------------------------- limits that give way (adaptive.py)

local function amount_after(amount, steps, growth)
  if growth.quiet and steps >= growth.quiet then return amount * growth.acceleration end
  return amount
end

local function back_after(elapsed, growth, enough)
  local left, steps, amount, back = elapsed / growth.step, 0, growth.amount, 0
  while left >= 1 and back < enough do
    back, left, steps = back + amount, left - 1, steps + 1
    amount = amount_after(amount, steps, growth)
  end
  return back + amount * math.min(left, 1)
end

local function time_until(wanted, growth)
  local steps, amount, back = 0, growth.amount, 0
  while back + amount < wanted do
    back, steps = back + amount, steps + 1
    amount = amount_after(amount, steps, growth)
  end
  return (steps + (wanted - back) / amount) * growth.step
end

local function growth_of_rate()
  local adaptive = set.adaptive
  return {amount = adaptive.increase, step = set.window, quiet = adaptive.quiet_windows, acceleration = adaptive.acceleration}
end

local function growth_of_places() return {amount = 1, step = set.adaptive.concurrency_step} end

local GROWN = 6 -- as in adaptive.py

-- Kept as "when:slots in use then"; a cut that a worker remembered has only the time.
local function cuts_of_rate()
  local cuts = {}
  for at, in_use in string.gmatch(S.rate_cuts or '', '(%d+):?(%d*)') do
    cuts[#cuts + 1] = {at = tonumber(at), in_use = tonumber(in_use) or 0}
  end
  return cuts
end

local function rate_level()
  if not S.rate_left then return set.max_calls end
  local cuts = cuts_of_rate()
  return S.rate_left + back_after(now - cuts[#cuts].at, growth_of_rate(), set.max_calls)
end

local function places_level()
  if not S.places_left then return set.max_concurrency end
  return S.places_left + back_after(now - S.places_cut, growth_of_places(), set.max_concurrency)
end

local function limit_now() return math.min(set.max_calls, math.floor(rate_level() + 1e-6)) end
local function places_now() return math.min(set.max_concurrency, math.floor(places_level() + 1e-6)) end

local function next_growth()
  local at = nil
  if S.rate_left and limited and limit_now() < set.max_calls then
    local cuts = cuts_of_rate()
    at = cuts[#cuts].at + time_until(limit_now() + 1 - S.rate_left, growth_of_rate())
  end
  if S.places_left and places_now() < set.max_concurrency then
    local places_at = S.places_cut + time_until(places_now() + 1 - S.places_left, growth_of_places())
    at = at and math.min(at, places_at) or places_at
  end
  return at
end

-- A call refused for the rate or for a place, whose slot and place are still taken.
local function give_way(code, sent_at)
  local adaptive = set.adaptive
  if type(adaptive) ~= 'table' then return end
  if limited and (code == '606' or code == '429') then
    local cuts = cuts_of_rate()
    if #cuts > 0 and sent_at <= cuts[#cuts].at then return end
    local in_use, in_vain = count(SLOTS), 0
    for _, cut in ipairs(cuts) do
      if now - cut.at < set.window and cut.in_use - in_use >= GROWN then in_vain = in_vain + 1 end
    end
    local left = adaptive.decrease ^ math.min(1 + in_vain, adaptive.escalate) * in_use
    S.rate_left = math.min(math.max(adaptive.min_calls, left), rate_level())
    cuts[#cuts + 1] = {at = now, in_use = in_use}
    while #cuts > adaptive.escalate do table.remove(cuts, 1) end
    for place, cut in ipairs(cuts) do cuts[place] = text(cut.at) .. ':' .. text(cut.in_use) end
    S.rate_cuts = table.concat(cuts, ' ')
  elseif code == '615' then
    if S.places_cut and sent_at <= S.places_cut then return end
    local left = adaptive.decrease * (count(PLACES) - 1)
    S.places_left = math.min(math.max(1, left), places_level())
    S.places_cut = now
  end
end

-- ---------------------------------------------------------------- what a lane may have

local function bulk_is_alone()
  return S.seen == nil or S.seen == 0 or now - S.seen > 3 * set.window
end

local function keeps_reserves(lane) return lane == 'bulk' and not (set.pacing == 'auto' and bulk_is_alone()) end

local function without(reserve, limit, set_limit)
  return limit - math.min(math.ceil(reserve * limit / set_limit), limit - 1)
end

-- `reserved_slots` in shares.py.
local function share_of(lane)
  local limit, reserve = limit_now(), set.interactive_reserve
  if not keeps_reserves(lane) then return limit end
  local kept = math.max(math.ceil(reserve * limit / set.max_calls), math.min(reserve, 3, math.floor(limit / 5)))
  return limit - math.min(kept, limit - 1)
end

local function places_of(lane)
  if not keeps_reserves(lane) then return places_now() end
  return without(set.concurrency_reserve, places_now(), set.max_concurrency)
end

-- The pace of the bulk lane: a token bucket, kept as the time at which it will be empty (GCRA).
local function is_paced()
  if not limited or set.pacing == 'off' then return false end
  return set.pacing == 'on' or not bulk_is_alone() or limit_now() ~= set.max_calls
end

local function pace_depth() return set.bulk_burst * set.spread / set.max_calls end
local function pace_price() return math.min(pace_depth(), set.spread / share_of('bulk')) end
local function pace_at() return math.max(now, S.tat + pace_price() - pace_depth()) end
