---@meta plugin
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class plugin_ud
local plugin_ud_object = {}

---Start the script, again when it has ended.
function plugin_ud_object:run() end

---Has it been started and not ended yet?
---@return boolean running
function plugin_ud_object:is_running() end

---Why the script failed; nothing when it did not.
---@return string? err
function plugin_ud_object:error() end

---End the script at once, whatever it does.
function plugin_ud_object:stop() end

---Wait for the end, at most some seconds; the text of an error, or nothing.
---@param timeout? number
---@return string? err
function plugin_ud_object:wait(timeout) end

---A channel that is closed when the script ends.
---@return channel channel
function plugin_ud_object:done_channel() end

---@class channel_library
local channel_library_object = {}

---A channel that holds some values which nobody has received yet (0).
---@param capacity? integer
---@return channel channel
function channel_library_object:make(capacity) end

---Wait for one of several cases: { "|<-", channel }, { "<-|", channel, value } or { "default" }, each with a handler.
---@param ... table
---@return integer index
---@return any value
---@return boolean ok
function channel_library_object:select(...) end

---Scripts in threads of their own, which outlive the one that starts them.
---@class nauthilus_gll_plugin
local module = {}

---A script by its text; further arguments are its `arg`.
---@param code string
---@param ... any
---@return plugin_ud plugin
function module.do_string(code, ...) end

---A script in a file; further arguments are its `arg`.
---@param path string
---@param ... any
---@return plugin_ud plugin
function module.do_file(path, ...) end

---A script by its text, with a global `payload`, which is the first of its arguments, too.
---@param code string
---@param payload string
---@param ... any
---@return plugin_ud plugin
function module.do_string_with_payload(code, payload, ...) end

---A script in a file, with a global `payload`, which is the first of its arguments, too.
---@param path string
---@param payload string
---@param ... any
---@return plugin_ud plugin
function module.do_file_with_payload(path, payload, ...) end

return module
