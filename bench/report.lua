-- SPDX-License-Identifier: AGPL-3.0-or-later
-- wrk: whole reports. REPORT_AS is json, each under a key of its own, or form, each from a browser
-- that was never here; REPORT_FROM is the address of our own page, REPORT_MARK stands in every key.
local n = 0
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end
local words = {
  { "happening", "He is out alone until late and says there is nothing to eat at home." },
  { "where", "Quarry Lane" },
  { "child", "the boy from number 12" },
  { "danger", "no" },
}
local function encoded(text)
  return (text:gsub("[^%w]", function(c) return c == " " and "+" or string.format("%%%02X", c:byte()) end))
end
local json, form = {}, {}
for _, pair in ipairs(words) do
  json[#json + 1] = '"' .. pair[1] .. '":"' .. pair[2] .. '"'
  form[#form + 1] = pair[1] .. "=" .. encoded(pair[2])
end
json = "{" .. table.concat(json, ",") .. "}"
form = table.concat(form, "&")
local mark, from = os.getenv("REPORT_MARK") or "", os.getenv("REPORT_FROM")
local posted
function request()
  if os.getenv("REPORT_AS") == "form" then
    posted = posted or wrk.format("POST", "/report", {
      ["Content-Type"] = "application/x-www-form-urlencoded", ["Origin"] = from,
      ["Sec-Fetch-Site"] = "same-origin",
    }, form)
    return posted
  end
  n = n + 1
  return wrk.format("POST", "/report", {
    ["Content-Type"] = "application/json", ["Accept"] = "application/json",
    ["Idempotency-Key"] = "bench-" .. mark .. "-" .. id .. "-" .. n,
  }, json)
end
