---@meta db
-- Written from the declarations of the host modules; an editor reads it, nothing runs it.

---@class db_ud
local db_ud_object = {}

---Rows of a statement in a transaction of its own: `columns` and `rows`; `?` or `$1` stand for parameters.
---@param sql string
---@param ... any
---@return table? result
---@return string? err
function db_ud_object:query(sql, ...) end

---Run a statement in a transaction of its own: `rows_affected` and, but for PostgreSQL, `last_insert_id`.
---@param sql string
---@param ... any
---@return table? result
---@return string? err
function db_ud_object:exec(sql, ...) end

---Like `query`, but outside of a transaction.
---@param sql string
---@param ... any
---@return table? result
---@return string? err
function db_ud_object:command(sql, ...) end

---A prepared statement.
---@param sql string
---@return stmt_ud? statement
---@return string? err
function db_ud_object:stmt(sql) end

---Close the handle, for all who share it.
---@return string? err
function db_ud_object:close() end

---@class stmt_ud
local stmt_ud_object = {}

---Rows for these parameters.
---@param ... any
---@return table? result
---@return string? err
function stmt_ud_object:query(...) end

---Run it with these parameters.
---@param ... any
---@return table? result
---@return string? err
function stmt_ud_object:exec(...) end

---Close the statement.
---@return string? err
function stmt_ud_object:close() end

---SQL databases: MySQL and MariaDB (`mysql`), PostgreSQL (`postgres`), SQLite (`sqlite3`).
---@class nauthilus_gll_db
local module = {}

---A database handle; it connects with its first use.
---@param driver string
---@param source string
---@param options? table
---@return db_ud? database
---@return string? err
function module.open(driver, source, options) end

return module
