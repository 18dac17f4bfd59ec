dynamic_loader("nauthilus_gll_prometheus")
local prometheus = require("prometheus")

local logins = prometheus.counter({ namespace = "mail", name = "logins_by_protocol", help = "Logins.", labels = { "protocol" } })
logins:inc({ protocol = "imap" })
logins:add(2, { protocol = "pop3" })

local sessions = prometheus.gauge({ namespace = "mail", name = "open_sessions", help = "Open sessions." })
sessions:set(12)

-- A counter cannot fall, and a gauge is no counter.
print((pcall(logins.add, logins, -1, { protocol = "imap" }))) --> false
print(prometheus.counter({ namespace = "mail", name = "open_sessions", help = "Open sessions." })) --> nil	already created with over config
