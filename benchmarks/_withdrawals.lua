-- Bodies for wrk: every request another withdrawal, of thousands of customers, each with a few destinations.
-- Two thirds are below every shipped campaign's amount. Arguments: a prefix for ids, the API key, the time now.
local prefix, key, now, number
local places = { "HK", "SG", "GB", "AE", "MO", "AU", "CA", "DE", "FR", "JP", "KR", "MY", "TH", "TW", "US" }
local headers = {}
local body = '{"withdrawal_id":"%s-%d","initiated_at":"%s","channel":"app","customer":{"id":"c-%d","jurisdiction":"%s",'
  .. '"locale":"en","account_opened_at":"2024-03-01T00:00:00Z","age_band":"40-49"},"asset":"USDT","network":"ethereum",'
  .. '"amount":"1200.5","fiat_amount":"%d.00","fiat_currency":"USD","destination":{"address":"0x%s","owner":"other",'
  .. '"onchain_age_days":12},"account":{"fiat_balance":"100000","last_deposit_at":"2026-01-01T00:00:00Z"},'
  .. '"session":{"ip_country":"HK","is_new_device":false,"risk_flags":[]}}'

function init(args)
  prefix, key, now, number = args[1], args[2], args[3], 0
  math.randomseed(tonumber(args[4]))
  headers["Content-Type"] = "application/json"
  headers["Authorization"] = "Bearer " .. key
end

function request()
  number = number + 1
  local customer, choice = math.random(0, 4999), math.random(0, 4)
  local address = string.format("%08x%08x%08x%08x%08x", customer * 97 + choice, customer * 7919 + 13, choice * 104729 + 1,
    customer * 31 + choice * 7, customer + choice * 65537)
  local fiat = math.random() < 0.67 and math.random(10, 199) or math.random(200, 90000)
  return wrk.format("POST", "/v1/decisions", headers,
    string.format(body, prefix, number, now, customer, places[customer % 15 + 1], fiat, address))
end

local refused = 0

function response(status)
  if status ~= 200 then refused = refused + 1; wrk.thread:set("refused", refused) end
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("refused", 0)
end

function done(summary, latency)
  local total = 0
  for _, thread in ipairs(threads) do total = total + thread:get("refused") end
  local errors = summary.errors
  io.write(string.format('RESULT {"seconds":%f,"requests":%d,"refused":%d,"broken":%d,"p50":%f,"p99":%f}\n',
    summary.duration / 1e6, summary.requests, total, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
