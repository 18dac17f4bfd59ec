function nauthilus_call_filter(request)
  local builtin = nauthilus_builtin
  if request.no_auth then
    return nauthilus_builtin.FILTER_ACTION_ACEPT, nauthilus_builtin.FILTER_RESULT_OK
  end
  if nauthilus_builtin.SOMETHING_NEW then print(nauthilus_builtin.SOMETHING_NEW) end
  nauthilus_builtin.context = {}
  print(nauthilus_builtin.context, builtin)
  nauthilus_builtin.status_message("no")
  return nauthilus_builtin.FEATURE_TRIGGER_YES, nauthilus_builtin.FILTER_RESULT_OK
end
