--- Backend: looks the user up and compares the password.

dynamic_loader("nauthilus_password")
dynamic_loader("nauthilus_context")

local password = require("nauthilus_password")
local context = require("nauthilus_context")
local users = require("demo_users")

-- Login names are case-insensitive. The demo has no other spelling of a name.
local function find_user(username)
  return users[string.lower(username)]
end

function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  local user = find_user(request.username)

  if not user then
    return nauthilus_builtin.BACKEND_RESULT_OK, result
  end

  result:user_found(true)
  result:account_field("account")
  result:display_name_field("display_name")
  result:attributes({
    account = user.account,
    display_name = user.display_name,
    quota = user.quota,
  })

  -- What the filter needs to know about this account.
  context.context_set("account_state", { state = user.state, protocols = user.protocols })

  -- In mode no-auth somebody only asks for the user's data; there is no password to compare.
  if request.no_auth then
    return nauthilus_builtin.BACKEND_RESULT_OK, result
  end

  local matches, err = password.compare_passwords(user.password, request.password)

  if err then
    -- The stored hash cannot be read. That is our fault, not a wrong password: answer with a temporary failure.
    nauthilus_builtin.custom_log_add("password_hash", err)

    return nauthilus_builtin.BACKEND_RESULT_FAIL, result
  end

  result:authenticated(matches)

  return nauthilus_builtin.BACKEND_RESULT_OK, result
end

function nauthilus_backend_list_accounts()
  local accounts = {}

  for _, user in pairs(users) do
    table.insert(accounts, user.account)
  end

  table.sort(accounts)

  return nauthilus_builtin.BACKEND_RESULT_OK, accounts
end
