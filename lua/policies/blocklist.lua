--- Feature: rejects a login before its password is looked at, because of where it comes from or whom it claims to be.

dynamic_loader("nauthilus_context")

local context = require("nauthilus_context")
local ipv4 = require("ipv4")
local blocklist = require("blocklist")

-- Why this login is unwanted, or nil.
local function reason_against(request)
  if blocklist.usernames[string.lower(request.username)] then
    return "username"
  end

  for _, network in ipairs(blocklist.networks) do
    if ipv4.is_in(request.client_ip, network) then
      return "network"
    end
  end

  return nil
end

function nauthilus_call_feature(request)
  local reason = reason_against(request)

  if not reason then
    return nauthilus_builtin.FEATURE_TRIGGER_NO,
      nauthilus_builtin.FEATURES_ABORT_NO,
      nauthilus_builtin.FEATURE_RESULT_OK
  end

  -- Actions and post actions of this request can read this.
  context.context_set("rejected_by", "blocklist " .. reason)

  nauthilus_builtin.custom_log_add("blocklist", reason)
  -- The client learns that it is blocked, not why.
  nauthilus_builtin.status_message_set("You are not allowed to log in here")

  return nauthilus_builtin.FEATURE_TRIGGER_YES,
    nauthilus_builtin.FEATURES_ABORT_YES,
    nauthilus_builtin.FEATURE_RESULT_OK
end
