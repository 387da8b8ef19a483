-- ---------------------------------------------------------------- a call books, and enters

local function enter(call)
  local id, lane = call.id, call.lane
  if score(PLACES, id) then return 'granted', 0 end -- a command that was sent twice
  local why = refused_today(call.pays)
  if why then return why, 0 end
  if call.sign then S.seen = now end
  local promised = score(PROMISED[lane], id)
  if promised and promised > now then return 'booked', promised - now end
  leave_the_queues(lane, id)
  if not has_slot(lane) then
    local at = slot_at(lane)
    if not at then return wait_for_slot(call) end
    redis.call('ZADD', PROMISED[lane], text(at), id)
    return 'booked', math.max(0, at - now)
  end
  if not has_place(lane) then
    redis.call('ZADD', PROMISED[lane], text(now), id)
    return wait_for_place(call)
  end
  redis.call('ZADD', PLACES, text(now + set.lease), id)
  if limited then redis.call('ZADD', SLOTS, text(now + set.lease + set.cool), id) end
  S.day_calls = S.day_calls + 1
  S[lane] = S[lane] + 1
  return 'granted', 0
end

local function book(call)
  local id, lane = call.id, call.lane
  if score(PLACES, id) then return 'granted', 0 end
  local promised = score(PROMISED[lane], id)
  if promised then return enter(call) end
  local why = refused_today(call.pays)
  if why then return why, 0 end
  if call.sign then S.seen = now end
  local at = slot_at(lane)
  if not at then return wait_for_slot(call) end
  redis.call('ZREM', UNSURE[lane], id)
  if lane == 'bulk' and is_paced() then
    at = math.max(at, pace_at())
    S.tat = math.max(S.tat, at) + pace_price()
  end
  redis.call('ZADD', PROMISED[lane], text(at), id)
  if at > now then return 'booked', at - now end
  return enter(call)
end

local function ask(call, what)
  if call.ticket == 0 then
    S.ticket = S.ticket + 1
    call.ticket = S.ticket
  end
  local status, wait = what(call)
  if call.lane == 'interactive' then
    -- Those behind it come when it has been served, which this worker will say.
    expect(math.max(0, asked.waiting[1] - 1), now + BELIEVED + (status == 'granted' and 0 or wait))
  end
  return status, wait, call.ticket
end
