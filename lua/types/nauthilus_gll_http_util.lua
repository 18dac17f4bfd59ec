---@meta http_util
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Take URLs apart, put them together, escape what goes into them.
---@class nauthilus_gll_http_util
local module = {}

---The text as a value in a query.
---@param text string
---@return string escaped
function module.query_escape(text) end

---The text of a value in a query.
---@param escaped string
---@return string? text
---@return string? err
function module.query_unescape(escaped) end

---The parts of a URL: scheme, host, port, path, raw_query, query and user.
---@param url string
---@return table? parts
---@return string? err
function module.parse_url(url) end

---The URL of its parts: scheme, host, path, user, query.
---@param parts table
---@return string url
function module.build_url(parts) end

return module
