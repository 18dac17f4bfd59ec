function nauthilus_call_action(request)
  while true do
    if request.done then return nauthilus_builtin.ACTION_RESULT_OK end
  end
end
