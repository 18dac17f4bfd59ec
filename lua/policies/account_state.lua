--- Filter: has the last word after the password was checked. Rejects disabled accounts and protocols that an account
-- may not use.

dynamic_loader("nauthilus_context")

local context = require("nauthilus_context")
local util = require("nauthilus_util")
local users = require("demo_users")

local function reject(reason, message)
  -- Post actions see what the backend said about the password, not what a filter made of it.
  context.context_set("rejected_by", "account_state " .. reason)
  nauthilus_builtin.custom_log_add("account_state", reason)

  if message then
    nauthilus_builtin.status_message_set(message)
  end

  return nauthilus_builtin.FILTER_ACTION_REJECT, nauthilus_builtin.FILTER_RESULT_OK
end

function nauthilus_call_filter(request)
  -- Accepting here would let wrong passwords in: a filter may overrule the backend in both directions.
  if not request.authenticated then
    return nauthilus_builtin.FILTER_ACTION_REJECT, nauthilus_builtin.FILTER_RESULT_OK
  end

  -- Asked anew rather than handed on by the backend script: when a login is known from memory, the backend does not run.
  local user = users.find(request.username)

  if user and user.state == "disabled" then
    return reject("disabled", "This account is disabled")
  end

  -- Only a login uses a protocol; a look-up of user data (mode no-auth) does not.
  if user and user.protocols and not request.no_auth then
    if not util.exists_in_table(user.protocols, request.protocol) then
      return reject("protocol " .. request.protocol, "This account may not use " .. request.protocol)
    end
  end

  nauthilus_builtin.custom_log_add("account_state", "active")

  return nauthilus_builtin.FILTER_ACTION_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
