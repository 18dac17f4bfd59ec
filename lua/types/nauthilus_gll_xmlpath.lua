---@meta xmlpath
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class xmlpath_node_ud
local xmlpath_node_ud_object = {}

---The text of the node and all below it.
---@return string text
function xmlpath_node_ud_object:string() end

---@class xmlpath_path_ud
local xmlpath_path_ud_object = {}

---A list of the nodes that the path leads to from a node.
---@param node xmlpath_node_ud
---@return xmlpath_node_ud[] nodes
function xmlpath_path_ud_object:iter(node) end

---Paths into documents, which are read as HTML.
---@class nauthilus_gll_xmlpath
local module = {}

---Read a document as HTML.
---@param text string
---@return xmlpath_node_ud? node
---@return string? err
function module.load(text) end

---A path, for use with any node.
---@param path string
---@return xmlpath_path_ud? path
---@return string? err
function module.compile(path) end

return module
