---@meta ioutil
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---Read and write whole files, copy from one stream to another.
---@class nauthilus_gll_ioutil
local module = {}

---The bytes of a file.
---@param path string
---@return string? data
---@return string? err
function module.read_file(path) end

---Make or replace a file; nothing on success.
---@param path string
---@param data string
---@return string? err
function module.write_file(path, data) end

---Write all that can be read.
---@param writer any
---@param reader any
---@return string? err
function module.copy(writer, reader) end

---Copy a number of bytes; `EOF` when there are fewer.
---@param writer any
---@param reader any
---@param bytes integer
---@return string? err
function module.copyn(writer, reader, bytes) end

return module
