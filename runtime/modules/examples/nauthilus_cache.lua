dynamic_loader("nauthilus_cache")
local cache = require("nauthilus_cache")

cache.cache_set("geo:192.0.2.7", { country = "DE" }, 3600)
print(cache.cache_get("geo:192.0.2.7").country) --> DE

-- A counter that all logins of this process share.
local function increment(count) return (count or 0) + 1 end
cache.cache_update("blocked", increment)
print(cache.cache_update("blocked", increment)) --> 2

-- Collect now, send together later.
cache.cache_push("events", "mia failed")
print(cache.cache_push("events", "tom failed")) --> 2
print(table.concat(cache.cache_pop_all("events"), ", ")) --> mia failed, tom failed
print(#cache.cache_pop_all("events")) --> 0
