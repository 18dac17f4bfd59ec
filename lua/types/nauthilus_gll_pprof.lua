---@meta pprof
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class pprof_ud
local pprof_ud_object = {}

---Serve `/debug/pprof/` at the address, until it is disabled or the server ends.
function pprof_ud_object:enable() end

---Serve it no longer.
function pprof_ud_object:disable() end

---CPU and heap profiles of the server over HTTP; only for addresses that nobody else reaches.
---@class nauthilus_gll_pprof
local module = {}

---A profiler for an address.
---@param address string
---@return pprof_ud profiler
function module.register(address) end

return module
