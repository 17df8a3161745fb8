-- The last line of wrk's output: requests, microseconds, the 99th percentile of the latency in microseconds, and the number of errors.
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("result %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99.0), e.connect + e.read + e.write + e.status + e.timeout))
end
