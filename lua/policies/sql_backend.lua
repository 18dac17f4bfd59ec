--- Backend: users of an SQL database. An example: set the environment variables SQL_DRIVER and SQL_SOURCE, e.g.
--   SQL_DRIVER=mysql     SQL_SOURCE='nauthilus:secret@tcp(127.0.0.1:3306)/mail'
--   SQL_DRIVER=postgres  SQL_SOURCE='host=127.0.0.1 user=nauthilus password=secret dbname=mail sslmode=disable'
--   SQL_DRIVER=sqlite3   SQL_SOURCE=/var/lib/nauthilus/mail.db
-- and create the table:
--   CREATE TABLE users (login VARCHAR(255) PRIMARY KEY, password VARCHAR(255) NOT NULL, account VARCHAR(255) NOT NULL)

dynamic_loader("nauthilus_gll_db")
dynamic_loader("nauthilus_password")

local db = require("db")
local password = require("nauthilus_password")

local driver = os.getenv("SQL_DRIVER") or "sqlite3"
local source = os.getenv("SQL_SOURCE") or "users.db"

--- Rows of a statement. What users have typed never becomes part of the statement: it is bound to a placeholder.
local function select_rows(statement, ...)
  -- Shared: all logins use the same few connections.
  local database = assert(db.open(driver, source, { shared = true, max_connections = 5, read_only = true }))
  -- Without an answer the error makes this a temporary failure, never a wrong password.
  return assert(database:query(statement, ...)).rows
end

local BY_LOGIN = "SELECT password, account FROM users WHERE login = " .. (driver == "postgres" and "$1" or "?")

function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  local row = select_rows(BY_LOGIN, string.lower(request.username))[1]

  if not row then
    return nauthilus_builtin.BACKEND_RESULT_OK, result
  end

  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = row[2] })

  if request.no_auth then
    return nauthilus_builtin.BACKEND_RESULT_OK, result
  end

  local matches, err = password.compare_passwords(row[1], request.password)

  -- A stored hash that cannot be read is our fault, not a wrong password.
  assert(not err, err)
  result:authenticated(matches)

  return nauthilus_builtin.BACKEND_RESULT_OK, result
end

function nauthilus_backend_list_accounts()
  local accounts = {}

  for index, row in ipairs(select_rows("SELECT account FROM users ORDER BY account")) do
    accounts[index] = row[1]
  end

  return nauthilus_builtin.BACKEND_RESULT_OK, accounts
end
