---@meta zabbix
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class zabbix_bot_ud
local zabbix_bot_ud_object = {}

---Log in to the API.
---@return string? err
function zabbix_bot_ud_object:login() end

---Log out of the API.
---@return string? err
function zabbix_bot_ud_object:logout() end

---Call a method of the API.
---@param method string
---@param params table
---@return any result
---@return string? err
function zabbix_bot_ud_object:request(method, params) end

---Write a picture of the values of an item to a file; settings: period, width, height.
---@param item_id string
---@param path string
---@param settings? table
---@return string? err
function zabbix_bot_ud_object:save_graph(item_id, path, settings) end

---The API and the graphs of a Zabbix server.
---@class nauthilus_gll_zabbix
local module = {}

---A connection: url, user, passwd and others; with a client of `http`.
---@param config table
---@param client? http_client_ud
---@return zabbix_bot_ud? connection
---@return string? err
function module.new(config, client) end

---A connection: url, user, passwd and others; with a client of `http`.
---@param config table
---@param client? http_client_ud
---@return zabbix_bot_ud? connection
---@return string? err
function module.bot(config, client) end

return module
