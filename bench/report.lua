-- SPDX-License-Identifier: AGPL-3.0-or-later
-- wrk: reports as JSON, each under a key of its own.
local n = 0
local id = 0
function setup(thread)
  id = id + 1
  thread:set("id", id)
end
function request()
  n = n + 1
  return wrk.format("POST", "/report", {
    ["Content-Type"] = "application/json", ["Accept"] = "application/json",
    ["Idempotency-Key"] = "bench-" .. id .. "-" .. n,
  }, '{"happening":"He is out alone until late and says there is nothing to eat at home.","where":"Quarry Lane","child":"the boy from number 12"}')
end
function response(status, headers, body)
  if status ~= 201 then bad = (bad or 0) + 1 end
end
