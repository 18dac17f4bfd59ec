---@meta cloudwatch
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class clw_ud
local clw_ud_object = {}

---Write the messages of all log events that fit a filter to a file; seconds without an event end it (60).
---@param path string
---@param filter table
---@param timeout? number
---@return string? err
function clw_ud_object:download(path, filter, timeout) end

---Values of metrics by query and time: start_time, end_time, queries.
---@param config table
---@return table? values
---@return string? err
function clw_ud_object:get_metric_data(config) end

---Logs and metrics of AWS CloudWatch.
---@class nauthilus_gll_cloudwatch
local module = {}

---An account by its profile, else from the environment; with a region, and another endpoint than its own.
---@param profile? string
---@param region? string
---@param endpoint? string
---@return clw_ud account
---@return string? err
function module.new(profile, region, endpoint) end

return module
