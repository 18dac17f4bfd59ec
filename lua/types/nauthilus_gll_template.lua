---@meta template
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class template_ud
local template_ud_object = {}

---The template with the values of a table.
---@param template string
---@param values table
---@return string? text
---@return string? err
function template_ud_object:render(template, values) end

---The template in a file with the values of a table.
---@param path string
---@param values table
---@return string? text
---@return string? err
function template_ud_object:render_file(path, values) end

---Mustache templates; values are escaped for HTML unless the tag is {{{name}}}.
---@class nauthilus_gll_template
local module = {}

---The template engine of that name; there is only `mustache`.
---@param engine string
---@return template_ud? engine
---@return string? err
function module.choose(engine) end

return module
