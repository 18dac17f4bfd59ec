---@meta nauthilus_prometheus
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class prometheus_timer
local prometheus_timer_object = {}

---Counters, gauges, histograms and summaries on /metrics. Creating one that exists changes nothing.
---@class nauthilus_prometheus
local module = {}

---Create a summary: sum and number of what is observed.
---@param name string
---@param help string
---@param label_names? table
function module.create_summary_vec(name, help, label_names) end

---Create a counter.
---@param name string
---@param help string
---@param label_names? table
function module.create_counter_vec(name, help, label_names) end

---Create a histogram of seconds.
---@param name string
---@param help string
---@param label_names? table
function module.create_histogram_vec(name, help, label_names) end

---Create a gauge.
---@param name string
---@param help string
---@param label_names? table
function module.create_gauge_vec(name, help, label_names) end

---Add 1 to a counter.
---@param name string
---@param labels table
function module.increment_counter(name, labels) end

---Add 1 to a gauge.
---@param name string
---@param labels table
function module.increment_gauge(name, labels) end

---Subtract 1 from a gauge.
---@param name string
---@param labels table
function module.decrement_gauge(name, labels) end

---Add a value to a gauge.
---@param name string
---@param value number
---@param labels table
function module.add_gauge(name, value, labels) end

---Subtract a value from a gauge.
---@param name string
---@param value number
---@param labels table
function module.sub_gauge(name, value, labels) end

---Set a gauge to a value.
---@param name string
---@param value number
---@param labels table
function module.set_gauge(name, value, labels) end

---Begin to measure seconds for a summary.
---@param name string
---@param labels table
---@return prometheus_timer timer
function module.start_summary_timer(name, labels) end

---Begin to measure seconds for a histogram.
---@param name string
---@param labels table
---@return prometheus_timer timer
function module.start_histogram_timer(name, labels) end

---Observe the seconds since the timer was started.
---@param timer prometheus_timer
function module.stop_timer(timer) end

return module
