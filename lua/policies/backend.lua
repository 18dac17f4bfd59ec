--- Backend: looks the user up and compares the password.

dynamic_loader("nauthilus_password")

local password = require("nauthilus_password")
local users = require("demo_users")

function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  local user = users.find(request.username)

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
  return nauthilus_builtin.BACKEND_RESULT_OK, users.accounts()
end
