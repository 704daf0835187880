-- SPDX-License-Identifier: AGPL-3.0-or-later
-- wrk: whole tiles or bundles anywhere in a log. TILES_OF is 0 (hashes of leaves) or entries, TILES how many are whole.
local of, count = os.getenv("TILES_OF"), tonumber(os.getenv("TILES"))
local paths = {}
function init()
  math.randomseed(os.time())
  for i = 0, count - 1 do
    local name = string.format("%03d", i % 1000)
    if i >= 1000 then
      name = string.format("x%03d/%s", math.floor(i / 1000), name)
    end
    paths[i] = wrk.format("GET", "/log/tile/" .. of .. "/" .. name)
  end
end
function request()
  return paths[math.random(0, count - 1)]
end
