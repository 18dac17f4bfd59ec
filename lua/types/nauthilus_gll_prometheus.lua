---@meta prometheus
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class prometheus_client_ud
local prometheus_client_ud_object = {}

---Serve `/metrics` at the address, until the script ends.
function prometheus_client_ud_object:start() end

---Serve it no longer.
function prometheus_client_ud_object:stop() end

---@class prometheus_client_metric_ud
local prometheus_client_metric_ud_object = {}

---Set a gauge.
---@param value number
---@param labels? table
function prometheus_client_metric_ud_object:set(value, labels) end

---Add a number.
---@param value number
---@param labels? table
function prometheus_client_metric_ud_object:add(value, labels) end

---Add 1.
---@param labels? table
function prometheus_client_metric_ud_object:inc(labels) end

---Counters and gauges, on the page of the server and at addresses of their own.
---@class nauthilus_gll_prometheus
local module = {}

---The page with all metrics, for an address of its own.
---@param address string
---@return prometheus_client_ud page
function module.register(address) end

---A number that rises and falls: namespace, subsystem, name, help, labels.
---@param config table
---@return prometheus_client_metric_ud? metric
---@return string? err
function module.gauge(config) end

---A number that only rises: namespace, subsystem, name, help, labels.
---@param config table
---@return prometheus_client_metric_ud? metric
---@return string? err
function module.counter(config) end

return module
