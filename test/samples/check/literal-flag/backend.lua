function nauthilus_backend_verify_password()
  local result = nauthilus_backend_result.new()
  return 0, result
end
function nauthilus_backend_list_accounts()
  return 0, {}
end
