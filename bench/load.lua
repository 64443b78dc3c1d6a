-- What wrk asks: the lines of the file that ASKED names, one after the other, each connection of its own accord. A line is a
-- path; after a tab may come one header; `POST ` and a path, a tab and a body of JSON. At the end one line of JSON is printed.

local requests, place = {}, 0

function init()
  wrk.host, wrk.port = "127.0.0.1", os.getenv("PORT")
  for line in io.lines(os.getenv("ASKED")) do
    local path, rest = line:match("^([^\t]*)\t?(.*)$")
    local posted = path:match("^POST (.*)$")
    local headers = {["Host"] = "127.0.0.1"}
    if posted then
      headers["Content-Type"] = "application/json"
      table.insert(requests, wrk.format("POST", posted, headers, rest))
    else
      local name, value = rest:match("^([^:]+): (.*)$")
      if name then headers[name] = value end
      table.insert(requests, wrk.format("GET", path, headers))
    end
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answers": %d, "seconds": %f, "p50": %f, "p99": %f, "bytes": %d, "failed": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status
  ))
end
