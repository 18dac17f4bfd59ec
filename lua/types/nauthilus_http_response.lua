---@meta nauthilus_http_response
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Headers and status of the HTTP answer, and the whole answer of a hook.
---@class nauthilus_http_response
local module = {}

---Set a header instead of all of its name.
---@param name string
---@param value string
function module.set_http_response_header(name, value) end

---Add a header beside those of its name.
---@param name string
---@param value string
function module.add_http_response_header(name, value) end

---Remove all headers of a name.
---@param name string
function module.remove_http_response_header(name) end

---Set the status, 200 to 599; in a login it can refine what the answer says, not change it.
---@param status integer
function module.set_http_status(status) end

---Set the header Content-Type.
---@param type string
function module.set_http_content_type(type) end

---The body of the answer of a hook; the last call wins.
---@param body string
function module.write_http_response_body(body) end

---Answer a hook with text.
---@param status integer
---@param body string
function module.string(status, body) end

---Answer a hook with HTML.
---@param status integer
---@param body string
function module.html(status, body) end

---Answer a hook with bytes of a type.
---@param status integer
---@param type string
---@param body string
function module.data(status, type, body) end

---Answer a hook with a value as JSON.
---@param status integer
---@param value any
function module.json(status, value) end

---Send the client of a hook somewhere else, with a status of 300 to 399.
---@param status integer
---@param location string
function module.redirect(status, location) end

---Like set_http_status.
---@param status integer
function module.set_http_status_code(status) end

return module
