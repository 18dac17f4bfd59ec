dynamic_loader("nauthilus_prometheus")
local prometheus = require("nauthilus_prometheus")

-- Usually in the init script:
prometheus.create_counter_vec("policy_blocked_total", "Logins that the policy blocked", { "country" })
prometheus.create_histogram_vec("policy_seconds", "Time in the policy", { "step" })

-- And in all others:
local timer = prometheus.start_histogram_timer("policy_seconds", { step = "geo" })
prometheus.increment_counter("policy_blocked_total", { country = "DE" })
prometheus.stop_timer(timer)

print((pcall(prometheus.increment_counter, "policy_unknown", {}))) --> false
